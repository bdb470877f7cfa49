// What every widget starts with: an element with attributes and text, put into its parent.
function html(tag, attributes, parent, text) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== false) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

// The number in a field, or null after the browser has said there why it cannot be: what was typed stays to be mended.
function typed(input) {
  return input.reportValidity() ? Number(input.value) : null;
}

