"""One NumPy record type per kind of agent; each field with its unit, range and meaning.

A table is an array of records, one row per agent: `world.communities[3].fear`. Shares and indices lie in 0..1.
People, weapons and events are whole numbers held as float64, so that sums stay exact up to 2**53. The file is long
because it is one list: what every agent carries stands in one place.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np


class Field(NamedTuple):
    """One column: NumPy type, unit, allowed range and what it means."""

    kind: str
    unit: str
    lo: float
    hi: float
    meaning: str


INFINITE = float("inf")


def share(meaning: str) -> Field:
    return Field("f8", "share 0-1", 0.0, 1.0, meaning)


def count(meaning: str, unit: str = "persons") -> Field:
    return Field("f8", unit, 0.0, INFINITE, meaning)


def amount(meaning: str, unit: str = "USD") -> Field:
    return Field("f8", unit, 0.0, INFINITE, meaning)


def number(meaning: str, unit: str, lo: float = -INFINITE, hi: float = INFINITE) -> Field:
    return Field("f8", unit, lo, hi, meaning)


def index(meaning: str, lo: float = -1, hi: float = INFINITE) -> Field:
    return Field("i8", "row or code", lo, hi, meaning)


def uid() -> Field:
    return Field("u4", "identity", 0, 2**32 - 1, "permanent identity; keys the agent's draws")


COMMUNITY = {
    "uid": uid(),
    "region": index("row of the region it lies in", 0),
    "constituency": index("armed group that claims to speak for it; -1 none"),
    "x": number("east", "map units"),
    "y": number("north", "map units"),
    "population": count("civilians living here"),
    "youth": share("share of the population that is 15 to 34"),
    "at_war_zone": share("1 inside the area of the war, 0 in a self-governing area outside it"),
    "excluded": share("exclusion of its people from the state's posts and protection"),
    "hardship": share("share of people in poverty"),
    "hardship_base": number("hardship before livelihoods and the strain of displacement", "index"),
    "services": share("how well the state's services reach this place before any reform"),
    "setback": share("livelihoods and services lost to a disaster, not yet rebuilt"),
    "service_base": share("the same before displaced people crowd them"),
    "jobs": share("share of people with work, projects apart"),
    "projects": share("share of people employed by prevention projects"),
    "education": share("schooling"),
    "investment": share("private investment against what full stability would bring"),
    "displaced": count("displaced people among the civilians living here"),
    "away": count("people of this place displaced elsewhere, in the country or abroad"),
    "refuge": count("pull on those who flee far, of a million in the country", "parts per million"),
    "border": share("share of refugees abroad whom the neighbours next door receive"),
    "warned": share("share of people attacked whom relief has warned in time"),
    "gangs": count("armed criminals not in any organised group"),
    "trust_police": share("trust in the police"),
    "trust_army": share("trust in the army"),
    "trust_justice": share("trust in courts"),
    "trust_government": share("trust in the government"),
    "trust_mission": share("trust in the peacekeeping mission"),
    "good_police": count("remembered good experience with the police", "contacts per head"),
    "bad_police": count("remembered bad experience with the police", "contacts per head"),
    "good_army": count("remembered good experience with the army", "contacts per head"),
    "bad_army": count("remembered bad experience with the army", "contacts per head"),
    "good_justice": count("remembered good experience with courts", "contacts per head"),
    "bad_justice": count("remembered bad experience with courts", "contacts per head"),
    "good_government": count("remembered good experience with the government", "contacts per head"),
    "bad_government": count("remembered bad experience with the government", "contacts per head"),
    "good_mission": count("remembered good experience with the mission", "contacts per head"),
    "bad_mission": count("remembered bad experience with the mission", "contacts per head"),
    "expectation": share("level of service people have been led to expect"),
    "grievance": share("grievance against the state"),
    "fear": share("fear of violence"),
    "anger": share("recent harm by the state's forces, as felt; fades within weeks"),
    "cooperation": share("chance that a witness tells the police what he saw"),
    "legitimacy": share("legitimacy of the state as seen from here"),
    "troops": count("peacekeeping troops in effective reach", "persons"),
    "un_police": count("mission police in effective reach", "persons"),
    "safe_zone": index("1 inside a safe zone of the mission, else 0", 0, 1),
    "soldiers": count("government soldiers in reach"),
    "police_abuse": count("abuses by police since the last round of experience", "events"),
    "army_abuse": count("abuses by soldiers since the last round of experience", "events"),
    "attacks": count("attacks by armed groups since the last round of experience", "events"),
    "attacks_in_memory": count("attacks, fading over a year", "events"),
    "crimes": count("crimes in the last four weeks", "events"),
    "crimes_recorded": count("crimes that reached the police's books in the last four weeks", "events"),
    "files": count("recorded crimes that the police still look into", "cases"),
    "charges": count("cases that wait for the prosecutor", "cases"),
    "trials": count("cases that wait for the court", "cases"),
    "certainty": share("chance that a crime is punished, as people believe"),
    "court_base": share("capacity of prosecution and courts against need, without any support"),
    "court_skill": share("skill that training has added to the officials of the courts"),
    "court_corrupt": share("share of the courts' officials who take bribes"),
    "court_conduct": share("share of contacts with courts that people find good"),
    "court_opinion": number("what people hold for or against the courts beyond their work", "share", -1, 1),
    "customary": share("standing of chiefs and elders: share of disputes they settle where courts leave them room"),
    "access": share("share of disputes settled, by elders or a court"),
    "fair_access": share("share of disputes settled fairly"),
    "unredressed": count("remembered harm by the state that nobody answered for", "harms / 1,000 heads"),
    "state_killed": count("people killed by the state's forces here since the last round"),
    "injustice": share("part of grievance that impunity and unsettled disputes sustain"),
    "usual_injustice": share("the same at the start, which the grievance measured then contains"),
    "gbv": count("cases of gender-based violence in the last four weeks", "events"),
    "gbv_recorded": count("those that reached the police's books", "events"),
    "gbv_cleared": count("those that the police cleared", "events"),
    "last_event": index("latest event of armed groups here in the event log; -1 none"),
    "last_abuse": index("latest abuse by the state's forces here in the event log; -1 none"),
}

POLICE_UNIT = {
    "uid": uid(),
    "staff": count("officers in post"),
    "ghosts": count("names on the payroll without an officer"),
    "women": share("women among the officers"),
    "recruits": count("officers who joined in the last round"),
    "skill": share("technical skill"),
    "rights_norm": share("strength of the norm to respect rights"),
    "equipment": share("equipment against the standard"),
    "integrity": share("personal cost of taking bribes"),
    "corrupt": share("share of officers who extract bribes"),
    "opportunity": number("net gain from extraction before control", "index"),
    "perceived_detection": share("chance of being caught, as officers believe"),
    "morale": share("morale"),
    "arrears": number("unpaid wages", "months", 0, 60),
    "present": share("share of staff at their post"),
    "imbalance": share("half the summed gap between group shares in the force and in the population"),
    "abuse_record": share("share of officers with a record of abuse"),
    "service": share("effective police service for the people here"),
    "reviewed": share("share of the files reviewed so far"),
    "mentored": share("share of the unit working beside a mentor"),
    "contact": share("reach of the community-policing programme here"),
    "withheld": share("share of outside support withheld for its record of abuse"),
    "patron": index("elite who protects the commander; -1 none"),
}

MILITARY_UNIT = {
    "uid": uid(),
    "staff": count("soldiers"),
    "ghosts": count("names on the payroll without a soldier"),
    "women": share("women among the soldiers"),
    "recruits": count("soldiers who joined in the last round"),
    "weapons": count("serviceable weapons", "weapons"),
    "professionalism": share("tactical skill and rights norms"),
    "rights_norm": share("strength of the norm to respect rights"),
    "discipline": share("obedience under stress"),
    "corrupt": share("share of command that sells fuel, food, arms and pay"),
    "opportunity": number("net gain from extraction before control", "index"),
    "integrity": share("personal cost of extraction"),
    "perceived_detection": share("chance of being caught, as commanders believe"),
    "loyalty": share("loyalty to the government"),
    "equipment": share("equipment against the standard"),
    "arrears": number("unpaid wages", "months", 0, 60),
    "posting": index("community where the unit is posted", 0),
    "imbalance": share("half the summed gap between group shares in the unit and in the population"),
    "abuse_record": share("share of soldiers with a record of abuse"),
    "striking": number("weeks left of a strike", "weeks", 0, 52),
    "withheld": share("share of outside support withheld for its record of abuse"),
    "commander": index("unit one level up in the chain of command; -1 for the headquarters"),
    "patron": index("elite who protects the commander; -1 none"),
}

ARMED_GROUP = {
    "uid": uid(),
    "exists": index("1 an active organisation, 0 a free place for a splinter", 0, 1),
    "parent": index("group it split from; -1 none"),
    "stance": index("0 signatory, 1 holdout, 2 splinter", 0, 2),
    "at_war": index("1 fights, 0 keeps a ceasefire", 0, 1),
    "weeks_in_state": count("weeks since it last went to war or to peace", "weeks"),
    "weapons": count("weapons", "weapons"),
    "money": amount("war chest"),
    "income": amount("income from tax, extortion, smuggling and sponsors", "USD/year"),
    "cohesion": share("cohesion"),
    "unrest": share("dissatisfaction of commanders who gain little"),
    "splinter_risk": share("latent split known from its past"),
    "breakaway": share("share of its fighters about to leave with a commander who has broken away"),
    "consent": share("consent to the mission"),
    "sponsor": share("support from abroad"),
    "exclusion": share("exclusion of its constituency"),
    "hostility": share("hostility towards the state"),
    "good_faith": count("remembered kept promises", "years"),
    "bad_faith": count("remembered broken promises", "years"),
    "credibility": share("belief that the other side will keep the settlement"),
    "campaign": number("log of its level of activity against its mean", "log"),
    "assurance": share("the same belief with the mission as guarantor"),
    "fighters": count("fighters under arms, sum over places"),
    "mobilisable": count("fighters and former fighters it could lead, in soldiers of a middling force"),
    "strength_at_peace": count("fighters when it last stopped fighting"),
    "ties": share("strength of the ties between commanders and former fighters"),
    "smouldering": count("sum of what past attacks still excite", "events"),
    "spoiling": number("weeks left of a spoiling cell", "weeks", 0, 52),
    "war_utility": number("value of war", "index"),
    "peace_utility": number("value of peace", "index"),
    "last_event": index("event that explains its present state; -1 none"),
}

PRESENCE = {
    "uid": uid(),
    "fighters": count("fighters of the group in this community"),
    "base": share("share of the group's following that lives here"),
    "excitation": count("what past attacks still excite", "events"),
    "incoming": count("excitation that this week's attacks send here", "events"),
}

COHORT = {
    "uid": uid(),
    "disarmed": count("disarmed, waiting to be demobilised"),
    "demobilised": count("demobilised, without livelihood"),
    "reintegrated": count("reintegrated"),
    "supported": share("share of the demobilised with a payment still to come"),
    "relapsed": count("returned to the group since the start, cumulative"),
}

DONOR = {
    "uid": uid(),
    "kind": index("0 bilateral, 1 multilateral, 2 pooled fund, 3 regional organisation", 0, 3),
    "budget": amount("security-sector budget at full engagement", "USD/year"),
    "engagement": number("share of the budget it is willing to give", "share", 0, 2),
    "disbursed": amount("paid out in the last four weeks"),
    "shock": number("log deviation of its payments this year", "log"),
    "fatigue": share("fatigue"),
    "trust": share("trust in the government"),
    "preference": Field("(7,)f8", "share 0-1", 0.0, 1.0, "how it would split its money over the sectors"),
    "allocation": Field("(7,)f8", "share 0-1", 0.0, 1.0, "how it splits its money this year"),
    "shift": Field("(7,)f8", "share 0-1", -1.0, 1.0, "part of that split that results of programmes moved"),
}

CONTINGENT = {
    "uid": uid(),
    "police": index("1 mission police, 0 troops", 0, 1),
    "strength": count("uniformed personnel"),
    "quality": share("training, equipment and readiness"),
    "conduct": share("standard of conduct"),
    "caveats": share("share of tasks that its capital forbids"),
    "posting": index("community where it is based", 0),
    "losses": count("killed since the start"),
    "mobility": share("mobility left after attacks"),
}

ELITE = {
    "uid": uid(),
    "rents": amount("diverted money received since the start"),
    "share": share("share of the security budget that passes through its hands"),
    "diversion": share("share of that money it keeps"),
    "norm": share("share it can keep before failure shows"),
    "last_change": number("last change of what it keeps", "share", -1, 1),
    "payoff": number("payoff of the last round", "share", -1, 1),
    "obstruction": share("will to block reform"),
}

GOVERNMENT = {
    "will": share("political will for reform"),
    "reference_will": share("will towards which it returns without pressure"),
    "revenue": amount("domestic budget", "USD/year"),
    "security_share": share("share of the domestic budget for the security sector"),
    "gdp_per_head": amount("gross domestic product per head", "USD/year"),
    "income": number("log of income per head against the start, beyond what peace itself brings", "log"),
    "dividend": number("worth of growth and of income gained to those who do not fight", "utility"),
    "own_resources": share("independence from donors"),
    "absorption": share("share of funded reform the state can carry out"),
    "form": share("reform on paper: laws, posts, uniforms"),
    "function": share("reform as citizens feel it"),
    "fit": share("fit of reforms to the country"),
    "resistance": share("resistance of elites and ranks to reform"),
    "ownership": share("share of reform that is locally decided and paid"),
    "women_deciding": share("women in the bodies that decide on reform and peace"),
    "imposed": share("how far targets for women are imposed rather than owned"),
    "legitimacy": share("legitimacy of the state, mean over people"),
    "implementation": share("implementation of the peace settlement"),
    "settlement": share("how much the settlement gives the parties"),
    "neighbour": share("danger from neighbours"),
    "resource_rents": share("lootable resources"),
    "shock": number("country-wide shock", "index"),
    "strength": count("strength of army and police in the contest, in soldiers of a middling force", "soldiers"),
    "court_support": share("part of the courts' gap of capacity that support has closed"),
    "prison_places": count("places in detention", "places"),
    "sentenced": count("people in prison under a sentence; they stay counted where they live"),
    "prisoners": count("people in prison, awaiting trial or sentenced"),
    "lesson": number("certainty of sanctions that dealing with the past adds", "1 / year", -1, 1),
    "pool_police": count("former officers removed from the police"),
    "pool_army": count("former soldiers removed or demobilised"),
    "army_size": count("soldiers of the army at the start"),
    "ddr_planned": count("fighters the disarmament programme was planned for"),
    "elected_weeks": count("weeks until the next election", "weeks"),
}

OVERSIGHT = {
    "capacity": share("working capacity of the oversight body"),
    "capture": share("capture of the oversight body"),
    "audit_detection": share("chance that a diversion is found by audit in a year"),
    "complaint_detection": share("chance that an abuse or bribe is found by complaint in a year"),
    "society_detection": share("chance that civil society finds it in a year"),
    "detection": share("chance of being found and punished in a year, all together"),
    "open_purchases": share("share of diversion from purchases that open tenders prevent"),
    "found": share("chance of being found in a year, before capture and pursuit"),
    "technology": share("share of digital control that is installed"),
    "harshness": number("effect of severity on deterrence, 1 where sanctions are as harsh as usual", "times", 0, 2),
    "deterrence": share("the same as officers weigh it, with severity and what became of past crimes"),
    "sanction_ceiling": share("share of findings that the law lets end in a sanction"),
    "sanctioned": count("officers sanctioned since the start"),
}

MISSION = {
    "troops": count("troops deployed"),
    "police": count("mission police deployed"),
    "expected_troops": count("troops that the parties expect half a year ahead"),
    "effectiveness": share("availability x mandate x clarity x consent"),
    "consent": share("consent of government and population"),
    "partiality": share("how partial it is seen to be"),
    "losses": count("peacekeepers killed since the start"),
    "misconduct": count("cases of misconduct since the start", "events"),
    "conduct": share("standard of conduct that people see"),
    "crowding_out": share("effort the state leaves to the mission"),
    "mandate": share("strength of the mandate as given"),
    "clarity": share("clarity of the mandate as given"),
    "authorised_troops": count("authorised troops"),
    "authorised_police": count("authorised police"),
    "review_due": number("weeks until the mandate is reviewed", "weeks", -52, 260),
    "asked_troops": count("troops asked for by the plan and the levers"),
    "asked_police": count("mission police asked for by the plan and the levers"),
    "later_troops": count("troops that plan and exit foresee when the parties look ahead"),
    "peak_troops": count("largest number of troops that the plan has had"),
    "peak_police": count("largest number of mission police that the plan has had"),
    "drawn": share("share of a withdrawal by benchmarks that has been carried out"),
    "regional": share("share that is led by regional organisations, as given"),
    "goodwill": number("consent at the start that trust and conduct do not explain", "share", -1, 1),
    "advice": share("advice of its civilian experts as far as it reaches the state"),
    "cost_per_uniformed": amount("cost of one uniformed person", "USD/year"),
    "withdrawn": index("1 once a mission that had been deployed is gone", 0, 1),
}

COUNTRY = {
    "war_state": index("0 at war, 1 quiet, 2 at peace, 3 relapsed", 0, 3),
    "battle_deaths_week": count("battle deaths this week"),
    "battle_deaths_52": count("battle deaths in the last 52 weeks"),
    "battle_deaths": count("battle deaths since the start"),
    "civilian_deaths_week": count("civilians killed by organised actors this week"),
    "civilian_deaths": count("civilians killed by organised actors since the start"),
    "state_killings": count("civilians killed by the state's forces since the start"),
    "criminal_deaths": count("people killed by criminals since the start"),
    "criminal_deaths_week": count("people killed by criminals in the last round, per week"),
    "attacks_week": count("attacks by armed groups this week", "events"),
    "abuses_month": count("abuses by the state's forces in the last four weeks", "events"),
    "mutinies": count("mutinies since the start", "events"),
    "defections": count("defections since the start", "events"),
    "splits": count("splits of armed groups since the start", "events"),
    "spoiling": count("spoiling episodes since the start", "events"),
    "weeks_at_war": count("weeks at war", "weeks"),
    "peace_week": index("week in which peace was reached; -1 not yet"),
    "relapse_week": index("week of the first relapse to conflict after peace; -1 none"),
    "war_relapse_week": index("week of the first relapse to war after peace; -1 none"),
    "relapse_event": index("last attack before the relapse in the event log; -1 none"),
    "integrated": count("former fighters taken into the army"),
    "recruited_police": count("police recruits since the start"),
    "weapons_collected": count("weapons collected and destroyed", "weapons"),
    "weapons_entered": count("weapons bought at home or abroad since the start", "weapons"),
    "weapons_loose": count("weapons in nobody's organised hands", "weapons"),
    "killed": count("people killed since the start, all actors"),
    "home": count("people who went home from army and police and became civilians"),
    "abroad": count("refugees abroad"),
    "returned": count("displaced people who returned since the start"),
    "returned_month": count("displaced people who returned in the last four weeks"),
    "aid_received": amount("aid to the security sector since the start"),
    "leaked": amount("money diverted since the start"),
    "leakage": share("share of programme money diverted in the last round"),
    "monitoring": share("quality of monitoring and evaluation"),
    "survey_error": share("standard error of the survey"),
    "capacity_at_exit": share("police service when the mission left, mean over people"),
    "trust_at_exit": share("trust in the police when the mission left, mean over people"),
    "survey_trust_police": share("trust in the police, last survey"),
    "survey_trust_government": share("trust in the government, last survey"),
    "clearance": share("share of closed files in which the police found a suspect, last round"),
    "court_backlog": count("waiting cases against what courts can decide", "months"),
    "disputes_settled": count("disputes settled by elders and courts, last round", "disputes"),
    "disputes_recorded": count("disputes settled by courts, last round", "disputes"),
    "recorded_attacks": count("attacks that reached the records, last 13 weeks", "events"),
    "recorded_crime": count("recorded crimes per 100,000 a year", "per 100,000 a year"),
}

LEDGER = {
    "planned": amount("planned in this round"),
    "spent": amount("spent in this round"),
    "delivered": share("share of the plan that arrived"),
    "total": amount("spent since the start"),
    "leaked": amount("diverted since the start"),
}

SECTOR = {
    "need": amount("planned spending this round"),
    "domestic": amount("paid by the government this round"),
    "aid": amount("paid by donors this round"),
    "useful": amount("aid that met a need this round"),
    "assessed": amount("paid from the mission's assessed budget this round"),
    "duplicated": share("share of aid that met no need"),
    "funded": share("share of the need that was paid"),
    "year_need": amount("need that the state left open in the last 52 weeks, as donors see it", "USD/year"),
    "year_aid": amount("aid in the last 52 weeks", "USD/year"),
    "year_useful": amount("aid that met a need in the last 52 weeks", "USD/year"),
    "seen": share("recorded state of what the sector is to improve, at the last evaluation"),
    "result": number("recorded change of it in a year, as learned", "share", -1, 1),
    "suited": share("how far its activities have been chosen by what was seen to work"),
    "churn": share("share of its programmes begun anew after a shift of money"),
}

EVENT = {
    "week": Field("i4", "week", 0, INFINITE, "week of the event"),
    "kind": Field("i2", "code", 0, 32, "row of EVENT_KINDS"),
    "place": Field("i4", "row", -1, INFINITE, "community; -1 none"),
    "actor": Field("i4", "row", -1, INFINITE, "row of the actor in its table; -1 none"),
    "target": Field("i4", "row", -1, INFINITE, "row of the target in its table; -1 none"),
    "civilians": Field("f4", "persons", 0, INFINITE, "civilians killed"),
    "combatants": Field("f4", "persons", 0, INFINITE, "combatants killed"),
    "parent": Field("i4", "row", -1, INFINITE, "event that led to this one; -1 none"),
}

POLICY = {
    "week": Field("i8", "week", -1, INFINITE, "week of a dated change; -1 for a conditional one"),
    "indicator": Field("i8", "row", -1, INFINITE, "recorded indicator the condition reads; -1 none"),
    "sign": Field("i8", "code", -1, 1, "1 for above the threshold, -1 for below"),
    "threshold": Field("f8", "of the indicator", -INFINITE, INFINITE, "threshold"),
    "for_weeks": Field("i8", "weeks", 0, INFINITE, "weeks for which the condition has to hold"),
    "held": Field("i8", "weeks", 0, INFINITE, "weeks for which it has held"),
    "fired": Field("i8", "week", -1, INFINITE, "week in which it took effect; -1 not yet"),
    "parameter": Field("i8", "row", 0, INFINITE, "place of the parameter in the vector of settings"),
    "value": Field("f8", "of the parameter", -INFINITE, INFINITE, "new value"),
}

SHOCK = {
    "week": Field("i8", "week", 0, INFINITE, "week in which it strikes"),
    "kind": Field("i8", "code", 0, 32, "row of SHOCK_KINDS"),
    "size": Field("f8", "share 0-1", 0.0, 1.0, "size against the worst of its kind"),
    "region": Field("i8", "row", -1, INFINITE, "region it strikes; -1 the draw decides"),
}

CLOCK = {
    "seed": Field("u8", "", 0, 2**64 - 1, "seed of the run"),
    "week": Field("i8", "weeks", 0, INFINITE, "weeks since the start"),
    "dt": Field("f8", "years", 0, 1, "length of one step"),
    "events": Field("i8", "events", 0, INFINITE, "events so far, logged or not"),
}

DEPLOYMENT = {
    "troops": count("troops by the mission's plan"),
    "police": count("mission police by the mission's plan"),
}

TABLES = {
    "communities": COMMUNITY,
    "police": POLICE_UNIT,
    "military": MILITARY_UNIT,
    "groups": ARMED_GROUP,
    "presence": PRESENCE,
    "cohorts": COHORT,
    "donors": DONOR,
    "contingents": CONTINGENT,
    "elites": ELITE,
    "government": GOVERNMENT,
    "oversight": OVERSIGHT,
    "mission": MISSION,
    "country": COUNTRY,
    "ledger": LEDGER,
    "sectors": SECTOR,
    "events": EVENT,
    "policy": POLICY,
    "shocks": SHOCK,
    "clock": CLOCK,
    "deployment": DEPLOYMENT,
}


@cache
def dtype(table: str) -> np.dtype:
    """NumPy record type of one table."""
    return np.dtype((np.record, [(name, field.kind) for name, field in TABLES[table].items()]))


def empty(table: str, rows: int) -> np.ndarray:
    """A table of `rows` zeros."""
    return np.zeros(rows, dtype(table))


SECTORS = ("police", "military", "oversight", "community", "ddr", "governance", "justice")
POLICE, MILITARY, OVERSIGHT_SECTOR, COMMUNITY_SECTOR, DDR_SECTOR, GOVERNANCE, JUSTICE_SECTOR = range(len(SECTORS))

# spending line -> (sector that pays for it, group shown to people); the mission is paid by assessed contributions,
# relief by humanitarian appeals, prevention by development budgets
SPENDING = {
    "training_police": (POLICE, "Capacity"),
    "training_military": (MILITARY, "Capacity"),
    "training_justice": (JUSTICE_SECTOR, "Capacity"),
    "mentoring": (POLICE, "Capacity"),
    "equipment_police": (POLICE, "Capacity"),
    "equipment_military": (MILITARY, "Capacity"),
    "recruitment": (POLICE, "Capacity"),
    "restructuring": (GOVERNANCE, "Capacity"),
    "pay_police": (POLICE, "Pay"),
    "pay_military": (MILITARY, "Pay"),
    "payroll_control": (OVERSIGHT_SECTOR, "Integrity"),
    "oversight": (OVERSIGHT_SECTOR, "Integrity"),
    "audit": (OVERSIGHT_SECTOR, "Integrity"),
    "procurement": (OVERSIGHT_SECTOR, "Integrity"),
    "complaints": (OVERSIGHT_SECTOR, "Integrity"),
    "investigations": (OVERSIGHT_SECTOR, "Integrity"),
    "vetting": (OVERSIGHT_SECTOR, "Integrity"),
    "due_diligence": (OVERSIGHT_SECTOR, "Integrity"),
    "technology": (OVERSIGHT_SECTOR, "Learning"),
    "civil_society": (OVERSIGHT_SECTOR, "Integrity"),
    "justice_support": (JUSTICE_SECTOR, "Justice"),
    "legal_reform": (JUSTICE_SECTOR, "Justice"),
    "transitional_justice": (JUSTICE_SECTOR, "Justice"),
    "community_policing": (COMMUNITY_SECTOR, "Community"),
    "communication": (COMMUNITY_SECTOR, "Community"),
    "inclusion": (COMMUNITY_SECTOR, "Community"),
    "women": (COMMUNITY_SECTOR, "Community"),
    "gbv_response": (COMMUNITY_SECTOR, "Community"),
    "prevention": (-1, "Community"),
    "relief": (-1, "Community"),
    "disarmament": (DDR_SECTOR, "DDR"),
    "reintegration": (DDR_SECTOR, "DDR"),
    "coordination": (GOVERNANCE, "Money"),
    "mediation": (GOVERNANCE, "Politics"),
    "assessment": (GOVERNANCE, "Politics"),
    "conditionality": (GOVERNANCE, "Politics"),
    "reform": (GOVERNANCE, "Politics"),
    "monitoring": (GOVERNANCE, "Learning"),
    "learning": (GOVERNANCE, "Learning"),
    "mission_troops": (-1, "Mission"),
    "mission_police": (-1, "Mission"),
    "mission_means": (-1, "Mission"),
    "mission_civilians": (-1, "Mission"),
}
LINES = tuple(SPENDING)
SECTOR_OF_LINE = np.array([sector for sector, _ in SPENDING.values()], dtype=np.int64)

EVENT_KINDS = (
    "attack on forces",
    "attack on civilians",
    "operation by the state",
    "killing by the state",
    "abuse by police",
    "abuse by soldiers",
    "attack on peacekeepers",
    "misconduct by peacekeepers",
    "return to war",
    "settlement",
    "split",
    "spoiling",
    "defeat",
    "strike",
    "defection",
    "coup attempt",
    "mission withdrawn",
    "peace reached",
    "relapse to conflict",
    "relapse to war",
    "policy change",
    "donor cut",
    "shock",
)
(
    ATTACK_ON_FORCES,
    ATTACK_ON_CIVILIANS,
    STATE_OPERATION,
    STATE_KILLING,
    POLICE_ABUSE,
    ARMY_ABUSE,
    ATTACK_ON_MISSION,
    MISSION_MISCONDUCT,
    RETURN_TO_WAR,
    SETTLEMENT,
    SPLIT,
    SPOILING,
    DEFEAT,
    STRIKE,
    DEFECTION,
    COUP_ATTEMPT,
    MISSION_WITHDRAWN,
    PEACE_REACHED,
    RELAPSE_TO_CONFLICT,
    RELAPSE_TO_WAR,
    POLICY_CHANGE,
    DONOR_CUT,
    SHOCK_EVENT,
) = range(len(EVENT_KINDS))

SIGNATORY, HOLDOUT, SPLINTER = range(3)
AT_WAR, QUIET, AT_PEACE, RELAPSED = range(4)

# what a scenario calls them, and how they read
SHOCK_KINDS = {
    "leader_killed": "leader of an armed group killed",
    "price_collapse": "collapse of export prices",
    "flood": "flood",
    "abuse_scandal": "scandal over abuse by the police",
    "neighbour_war": "war in a neighbouring country",
    "donor_withdrawal": "withdrawal of the largest donor",
    "election": "contested election",
    "splinter": "commander breaks away",
    "pandemic": "pandemic",
}
(
    LEADER_KILLED,
    PRICE_COLLAPSE,
    FLOOD,
    ABUSE_SCANDAL,
    NEIGHBOUR_WAR,
    DONOR_WITHDRAWAL,
    ELECTION,
    BREAKAWAY,
    PANDEMIC,
) = range(len(SHOCK_KINDS))
