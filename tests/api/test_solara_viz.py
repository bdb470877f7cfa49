"""Mesa's own browser interface works on `SSRModel`: it draws, steps and builds the model again."""

import importlib.util
import warnings
from importlib.metadata import version

import pytest

from ssr_sim.mesa_agents import Community
from ssr_sim.mesa_model import SSRModel

NEEDED = ("altair", "ipyvue", "ipyvuetify", "solara")
VETTING = "vetting.coverage"


@pytest.fixture
def solara(require):
    """The module solara, where SolaraViz can work: ipyvuetify 2 and newer break it."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    require(not missing, f"SolaraViz needs {', '.join(missing)}: install the extra `app`")
    for name in ("ipyvue", "ipyvuetify"):
        require(int(version(name).split(".")[0]) < 2, f"SolaraViz needs {name} below 2, here is {version(name)}")
    import solara

    return solara


@pytest.fixture
def app(solara, tmp_path):
    """SolaraViz around a small model in a window, as `solara run` shows it: (model, page, fear as last drawn)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="solara")  # about Mesa's own components
        from mesa.visualization import Slider, SolaraViz, make_plot_component

    path = tmp_path / "small.toml"
    path.write_text('[scenario]\nname = "small"\nbased_on = "baseline"\n[country]\ncommunities = 12\n')

    drawn = []

    def fear(model):
        drawn.append(model.agents_by_type[Community].agg("fear", max))
        solara.Text(f"fear at most {drawn[-1]:.2f}")

    @solara.component
    def Page():
        with solara.AppLayout():
            SolaraViz(model, components=[make_plot_component("trust_police"), fear], model_params=parameters)

    parameters = {
        "scenario": str(path),
        "seed": {"type": "InputText", "value": "3", "label": "Seed"},
        "years": 0.2,
        VETTING: Slider("Vetting", 0.5, 0.0, 2.0, 0.1),
    }
    model = solara.reactive(SSRModel(str(path), seed=3, years=0.2, **{VETTING: 0.5}))
    _, page = solara.render(Page(), handle_error=False)
    yield model, page, drawn
    page.close()


def press(page, label):
    import ipyvuetify

    [button] = [widget for widget in page.find(ipyvuetify.Btn).widgets if widget.children == [label]]
    button.fire_event("click", None)


def test_components_show_the_model(app):
    model, _, drawn = app
    assert drawn[-1] == model.value.world.communities["fear"].max()


def test_the_step_button_steps_a_week_and_draws_again(app):
    model, page, drawn = app
    frames = len(drawn)
    press(page, "Step")
    assert model.value.week == 1
    assert len(drawn) > frames
    assert drawn[-1] == model.value.world.communities["fear"].max()


def test_the_reset_button_builds_the_same_model_again(app):
    model, page, _ = app
    first = model.value
    press(page, "Step")
    press(page, "Reset")
    assert model.value is not first
    assert (model.value.week, model.value.seed) == (0, 3)
    assert model.value.ssr_scenario == first.ssr_scenario
    press(page, "Step")
    assert (model.value.series == first.series).all()


def test_a_slider_of_a_lever_takes_effect_with_the_next_reset(app):
    import ipyvuetify

    model, page, _ = app
    [slider] = [widget for widget in page.find(ipyvuetify.Slider).widgets if widget.label == "Vetting"]
    slider.v_model = 1.5
    press(page, "Reset")
    assert model.value.ssr_scenario.value(VETTING) == 1.5


def test_more_steps_than_the_horizon_has_do_no_harm(app):
    model, page, _ = app
    for _ in range(10):
        press(page, "Step")
    assert not model.value.running
    with pytest.warns(RuntimeWarning, match="horizon"):
        model.value.step()
    assert model.value.week == 10
