/* Three phases of the model as a C programmer would write them, on the same record tables, equal to the bit.

   "tables.h" is generated from the NumPy record types: one struct per table, struct world with a pointer to each table
   and its length, numbers of streams and spending lines. Order of arithmetic as in the Python sources. */

#include <math.h>
#include <stdint.h>

#include "tables.h"

static inline double smaller(double a, double b) { return b < a ? b : a; }
static inline double larger(double a, double b) { return b > a ? b : a; }
static inline double clamp(double x, double lo, double hi) { return smaller(larger(x, lo), hi); }
static inline double decay(double time, double dt) { return exp(-dt / time); }
static inline double rate_to_probability(double rate, double dt) { return -expm1(-larger(rate, 0.0) * dt); }

/* ------------------------------------------------------------------------------------------------ draws */
static inline double draw(const struct clock *now, uint64_t stream, uint64_t uid, uint64_t k)
{
    const uint64_t low = 0xFFFFFFFFu;
    uint64_t c0 = k & low, c1 = uid & low, c2 = (uint64_t)now->week & low, c3 = stream & low;
    uint64_t k0 = now->seed & low, k1 = now->seed >> 32;
    for (int round = 0; round < 10; round++) {
        uint64_t a = 0xD2511F53u * c0, b = 0xCD9E8D57u * c2;
        c0 = (b >> 32) ^ c1 ^ k0;
        c1 = b & low;
        c2 = (a >> 32) ^ c3 ^ k1;
        c3 = a & low;
        k0 = (k0 + 0x9E3779B9u) & low;
        k1 = (k1 + 0xBB67AE85u) & low;
    }
    return ((double)(int64_t)(((c0 << 32) | c1) >> 12) + 0.5) * 0x1p-52;
}

static double normal(double u)
{
    double q = u - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q
            * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                   + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
            / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                   + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0);
    }
    double r = sqrt(-log(smaller(u, 1.0 - u))), size;
    if (r <= 5.0) {
        r -= 1.6;
        size = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                    + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                 + 4.6303378461565452959) * r + 1.42343711074968357734)
            / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                   + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                + 2.05319162663775882187) * r + 1.0);
    } else {
        r -= 5.0;
        size = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                    + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                 + 5.4637849111641143699) * r + 6.6579046435011037772)
            / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                   + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                + 0.59983220655588793769) * r + 1.0);
    }
    return q < 0.0 ? -size : size;
}

static int64_t poisson_search(double mean, double u)
{
    u = smaller(u, LARGEST_U);
    int64_t count = 0;
    double probability = exp(-mean), total = probability;
    while (total < u) {
        count++;
        probability *= mean / (double)count;
        total += probability;
    }
    return count;
}

static int64_t poisson(double mean, double u)
{
    if (mean <= 0.0)
        return 0;
    if (mean < SEARCH_BELOW)
        return poisson_search(mean, u);
    double w = normal(u), root = sqrt(mean), w2 = w * w;
    double quantile = mean + root * w + (1.0 / 3.0 + w * w / 6.0) + (-w / 36.0 - w * w2 / 72.0) / root
        + (-8.0 / 405.0 + 7.0 * w * w / 810.0 + w2 * w2 / 270.0) / mean;
    int64_t count = (int64_t)larger(floor(quantile), 0.0);
    if (mean < BLEND_BELOW) {
        int64_t least = poisson_search(SEARCH_BELOW, u);
        count = least > count ? least : count;
    }
    return count;
}

static int64_t binomial_search(int64_t n, double p, double u)
{
    u = smaller(u, LARGEST_U);
    double odds = p / (1.0 - p);
    int64_t count = 0;
    double probability = exp((double)n * log1p(-p)), total = probability;
    while (total < u && count < n) {
        count++;
        probability *= odds * (double)(n - count + 1) / (double)count;
        total += probability;
    }
    return count;
}

static int64_t binomial_lower(int64_t n, double p, double u)
{
    double mean = (double)n * p;
    if (mean < SEARCH_BELOW || (double)n < 2.0 * BLEND_BELOW)
        return binomial_search(n, p, u);
    double w = normal(u), variance = (double)n * p * (1.0 - p), sd = sqrt(variance), w3 = w * (w * w);
    double skewness = (1.0 - 2.0 * p) / sd, kurtosis = (1.0 - 6.0 * p * (1.0 - p)) / variance;
    double standard = w + skewness * (w * w - 1.0) / 6.0 + kurtosis * (w3 - 3.0 * w) / 24.0
        - skewness * skewness * (2.0 * w3 - 5.0 * w) / 36.0 - w / (24.0 * variance);
    int64_t count = (int64_t)larger(floor((double)n * p + sd * standard + 0.5), 0.0);
    count = n < count ? n : count;
    if (mean < BLEND_BELOW) {
        int64_t least = binomial_search(n, SEARCH_BELOW / (double)n, u);
        count = least > count ? least : count;
    }
    return count;
}

static int64_t binomial(int64_t n, double p, double u)
{
    if (n <= 0 || p <= 0.0)
        return 0;
    if (p >= 1.0)
        return n;
    return p > 0.5 ? n - binomial_lower(n, 1.0 - p, 1.0 - u) : binomial_lower(n, p, u);
}

static int64_t log_event(const struct world *world, int kind, int64_t place, int64_t actor, int64_t target,
                         double civilians, double combatants, int64_t parent)
{
    int64_t number = world->clock->events;
    if (number < world->events_length) {
        struct events *event = &world->events[number];
        event->week = (int32_t)world->clock->week;
        event->kind = (int16_t)kind;
        event->place = (int32_t)place;
        event->actor = (int32_t)actor;
        event->target = (int32_t)target;
        event->civilians = (float)civilians;
        event->combatants = (float)combatants;
        event->parent = (int32_t)parent;
    }
    world->clock->events = number + 1;
    return number;
}

/* ------------------------------------------------------------------------------------------------ trust */
static inline double said(double total, double weight, double voice)
{
    return weight > 0.0 ? clamp(total / weight + voice, 0.0, 1.0) : 0.0;
}

static inline double trust_after(double trust, double good, double bad, double prior, double heard, double influence,
                                 const struct parameters_trust *p, double dt)
{
    double harm = p->negativity * bad;
    double experience = (good + prior * p->prior_weight) / (good + harm + p->prior_weight);
    double target = (1.0 - influence) * experience + influence * heard;
    return clamp(trust + (1.0 - decay(p->inertia, dt)) * (target - trust), 0.0, 1.0);
}

/* What neighbours' trust was before anyone changed his: five numbers for each place, in memory the caller gives. */
void community_trust(const struct world *world, double dt)
{
    const struct parameters_trust *p = world->parameters_trust;
    const struct government *state = world->government;
    int64_t n = world->communities_length;
    double *before = world->scratch;
    for (int64_t i = 0; i < n; i++) {
        const struct communities *c = &world->communities[i];
        double *own = before + 5 * i;
        own[0] = c->trust_police;
        own[1] = c->trust_army;
        own[2] = c->trust_justice;
        own[3] = c->trust_government;
        own[4] = c->trust_mission;
    }
    for (int64_t i = 0; i < n; i++) {
        struct communities *c = &world->communities[i];
        double police = 0.0, army = 0.0, justice = 0.0, government = 0.0, mission = 0.0, weight = 0.0;
        for (int64_t edge = world->social_starts[i]; edge < world->social_starts[i + 1]; edge++) {
            int32_t j = world->social_targets[edge];
            const double *other = before + 5 * (int64_t)j;
            double w = world->social_weights[edge]
                * (world->communities[j].constituency == c->constituency ? 1.0 : p->out_group);
            police += w * other[0];
            army += w * other[1];
            justice += w * other[2];
            government += w * other[3];
            mission += w * other[4];
            weight += w;
        }
        double sigma = weight > 0.0 ? p->influence : 0.0;
        double voice = p->leader_pull * c->customary * (state->fit - p->leaders_expect);
        c->trust_police = trust_after(c->trust_police, c->good_police, c->bad_police, p->prior_police,
                                      said(police, weight, voice), sigma, p, dt);
        c->trust_army = trust_after(c->trust_army, c->good_army, c->bad_army, p->prior_army,
                                    said(army, weight, 0.0), sigma, p, dt);
        c->trust_justice = trust_after(c->trust_justice, c->good_justice, c->bad_justice, p->prior_justice,
                                       said(justice, weight, 0.0), sigma, p, dt);
        c->trust_government = trust_after(c->trust_government, c->good_government, c->bad_government,
                                          p->prior_government, said(government, weight, voice), sigma, p, dt);
        c->trust_mission = trust_after(c->trust_mission, c->good_mission, c->bad_mission, p->prior_mission,
                                       said(mission, weight, 0.0), sigma, p, dt);
    }
}

/* ------------------------------------------------------------------------------------------------ policing */
static inline double hardship_factor(double hardship, double effect)
{
    return (1.0 - 0.5 * effect) + effect * hardship;
}

void police_work(const struct world *world, double dt)
{
    const struct clock *now = world->clock;
    const struct parameters_policing *p = world->parameters_policing;
    const struct parameters_community_policing *programme = world->parameters_community_policing;
    const struct parameters_due_diligence *diligence = world->parameters_due_diligence;
    double certainty = world->oversight->deterrence;
    double support_at_risk = diligence->fear_of_loss * diligence->strictness
        * world->ledger[LINE_DUE_DILIGENCE].delivered;
    double arrived = programme->coverage * world->ledger[LINE_COMMUNITY_POLICING].delivered;
    struct country *country = world->country;
    country->abuses_month = 0.0;
    double killed_by_criminals = 0.0;
    for (int64_t i = 0; i < world->communities_length; i++) {
        struct communities *c = &world->communities[i];
        struct police *unit = &world->police[i];
        double heads = larger(c->population, 1.0), quality;
        if (p->police_production > 0.5)
            quality = smaller(unit->skill, unit->equipment);
        else
            quality = pow(larger(unit->skill, 0.0), p->skill_share)
                * pow(larger(unit->equipment, 0.0), p->equipment_share);
        double density = unit->staff * unit->present / heads * 1e5;
        double reach = density > 0.0 ? density / (density + p->staff_half) : 0.0;
        double told = (1.0 - 0.5 * p->information) + p->information * c->cooperation;
        unit->service = clamp(reach * quality * (1.0 - p->corruption_loss * unit->corrupt) * told, 0.0, 1.0);
        unit->contact = clamp(unit->contact + dt * (programme->build_up * (arrived - unit->contact)
                                                    - programme->rotation * unit->contact), 0.0, 1.0);

        double mean = c->population / 1e5 * p->crime_rate * hardship_factor(c->hardship, p->hardship_effect)
            * (1.0 - p->guardianship * unit->service) * dt * (1.0 - p->crime_deterrence * c->certainty);
        c->crimes = (double)poisson(mean, draw(now, CRIMES, c->uid, 0));
        c->crimes_recorded = (double)binomial((int64_t)c->crimes, c->cooperation * unit->present,
                                              draw(now, REPORTED, c->uid, 0));

        double calm = pow(1.0 + c->un_police / p->un_police_half, -p->un_police_exponent)
            * (1.0 - p->guardianship * unit->service);
        mean = (c->population / 1e5 * p->homicide_rate * hardship_factor(c->hardship, p->hardship_effect)
                + c->gangs * p->gang_killing) * calm * dt;
        double killed = smaller((double)poisson(mean, draw(now, KILLED_BY_CRIMINALS, c->uid, 0)), c->population);
        c->population -= killed;
        killed_by_criminals += killed;

        double feared = certainty + (1.0 - certainty) * support_at_risk * (1.0 - unit->withheld);
        double tendency = ((1.0 - 0.5 * p->record_effect) + p->record_effect * unit->abuse_record)
            * (1.0 - p->norm_restrains * unit->rights_norm) * (1.0 - p->certainty_restrains * feared);
        double abuses = (double)poisson(unit->staff * unit->present * p->abuse_rate * tendency * dt,
                                        draw(now, ABUSES, unit->uid, 0));
        if (abuses > 0.0) {
            c->last_abuse = log_event(world, POLICE_ABUSE, i, i, -1, 0.0, 0.0, -1);
            c->police_abuse += abuses;
            country->abuses_month += abuses;
            c->anger = clamp(c->anger + p->abuse_anger * abuses, 0.0, 1.0);
            unit->abuse_record = clamp(
                unit->abuse_record + p->new_abusers * abuses * (1.0 - certainty) / larger(unit->staff, 1.0), 0.0, 1.0);
        }
    }
    country->criminal_deaths += killed_by_criminals;
    country->killed += killed_by_criminals;
    country->criminal_deaths_week = killed_by_criminals / (dt * 365.25 / 7.0);
    world->ledger[LINE_COMMUNITY_POLICING].planned = programme->coverage * programme->cost_per_district
        * (double)world->communities_length * dt;
}

/* ------------------------------------------------------------------------------------------------ former fighters */
static void join(struct military *unit, double people, double record)
{
    if (people > 0.0) {
        unit->abuse_record = clamp((unit->abuse_record * unit->staff + record * people) / (unit->staff + people), 0.0,
                                   1.0);
        unit->staff += people;
    }
}

static void integrate(const struct world *world, double people, double record, double army)
{
    double left = people;
    int64_t largest = 0;
    for (int64_t i = 0; i < world->military_length; i++) {
        struct military *unit = &world->military[i];
        if (unit->staff <= 0.0)
            continue;
        double part = smaller(left, (double)(int64_t)(people * unit->staff / army));
        join(unit, part, record);
        left -= part;
    }
    for (int64_t i = 0; i < world->military_length; i++) {
        const struct military *unit = &world->military[i], *most = &world->military[largest];
        if (unit->staff > most->staff || (unit->staff == most->staff && unit->uid < most->uid))
            largest = i;
    }
    if (left > 0.0)
        join(&world->military[largest], left, record);
}

void former_fighters(const struct world *world, double dt)
{
    const struct clock *now = world->clock;
    const struct parameters_ddr *p = world->parameters_ddr;
    struct country *country = world->country;
    int64_t n = world->communities_length;
    double active = 0.0, gone = 0.0;
    for (int64_t g = 0; g < world->groups_length; g++) {
        const struct groups *group = &world->groups[g];
        if (group->exists == 1 && group->at_war == 0 && group->stance == SIGNATORY)
            for (int64_t j = 0; j < n; j++) {
                const struct cohorts *cohort = &world->cohorts[g * n + j];
                active += world->presence[g * n + j].fighters;
                gone += cohort->disarmed + cohort->demobilised + cohort->reintegrated;
            }
    }
    double others = active + gone > 0.0 ? gone / (active + gone) : 0.0;
    double planned = world->government->ddr_planned;
    double phase_one = world->ledger[LINE_DISARMAMENT].delivered;
    double support = p->reintegration * world->ledger[LINE_REINTEGRATION].delivered;
    double army = 0.0;
    for (int64_t i = 0; i < world->military_length; i++)
        army += world->military[i].staff;

    double supported_people = 0.0, integrated_now = 0.0, abusers = 0.0;
    for (int64_t g = 0; g < world->groups_length; g++) {
        struct groups *group = &world->groups[g];
        double ready = 0.0;
        if (group->exists == 1 && group->at_war == 0 && group->stance == SIGNATORY) {
            double company = clamp(others + p->head_start, 0.0, 1.0);
            ready = clamp(p->readiness * group->assurance * (1.0 - p->synchrony + p->synchrony * company), 0.0, 1.0);
        }
        double rate = smaller(p->fastest, p->capacity * planned / larger(active * p->caseload, 1.0)) * phase_one
            * ready;
        double total = 0.0, arms = 0.0;
        double arms_per_fighter = group->fighters > 0.0 ? group->weapons / group->fighters : 0.0;
        for (int64_t j = 0; j < n; j++) {
            struct presence *row = &world->presence[g * n + j];
            struct cohorts *cohort = &world->cohorts[g * n + j];
            struct communities *c = &world->communities[j];
            if (row->fighters <= 0.0 && cohort->disarmed + cohort->demobilised + cohort->reintegrated <= 0.0)
                continue;
            if (ready > 0.0 && row->fighters > 0.0) {
                double out = (double)binomial((int64_t)row->fighters, rate_to_probability(rate, dt),
                                              draw(now, DISARMS, cohort->uid, 0));
                row->fighters -= out;
                cohort->disarmed += out;
                arms += out * arms_per_fighter;
            }
            if (cohort->disarmed > 0.0) {
                int64_t taken = 0;
                if (army >= 1.0) {
                    taken = binomial((int64_t)cohort->disarmed,
                                     rate_to_probability(p->integration_quota * p->processing * phase_one, dt),
                                     draw(now, INTEGRATED, cohort->uid, 0));
                    integrated_now += (double)taken;
                    abusers += (double)taken * smaller(1.0, p->record_brought * (1.0 - group->cohesion));
                }
                int64_t out = binomial((int64_t)cohort->disarmed - taken,
                                       rate_to_probability(p->processing * phase_one, dt),
                                       draw(now, DEMOBILISES, cohort->uid, 0));
                cohort->disarmed -= (double)(taken + out);
                cohort->demobilised += (double)out;
            }
            if (cohort->demobilised > 0.0) {
                double followed = 1.0 - decay(p->support_time, dt);
                cohort->supported = clamp(cohort->supported + followed * (support - cohort->supported), 0.0, 1.0);
                supported_people += cohort->demobilised;
                double abuses = clamp(p->record_of_disorder * (1.0 - group->cohesion)
                                      + p->record_of_attacks * c->attacks_in_memory, 0.0, 1.0);
                double accepted = clamp(1.0 - p->rejection_by_fear * c->fear - p->rejection_by_grievance * c->grievance
                                        - p->rejection_by_record * abuses, p->least_acceptance, 1.0);
                double settled = accepted * (cohort->supported / p->livelihood_time
                                             + (1.0 - cohort->supported) / p->unaided_time);
                double out = (double)binomial((int64_t)cohort->demobilised, rate_to_probability(settled, dt),
                                              draw(now, REINTEGRATES, cohort->uid, 0));
                cohort->demobilised -= out;
                cohort->reintegrated += out;
                double peers = cohort->relapsed
                    / (cohort->relapsed + cohort->demobilised + cohort->reintegrated + 1.0);
                double back = p->return_rate * group->ties * (1.0 + p->peer_effect * peers)
                    * (1.0 - p->hold_of_support * cohort->supported);
                if (group->at_war == 1) {
                    out = (double)binomial((int64_t)cohort->demobilised,
                                           rate_to_probability(p->call_to_arms * back, dt),
                                           draw(now, RETURNS, cohort->uid, 0));
                    row->fighters += out;
                } else {
                    out = (double)binomial((int64_t)cohort->demobilised, rate_to_probability(back, dt),
                                           draw(now, GANGS, cohort->uid, 0));
                    c->gangs += out;
                }
                cohort->demobilised -= out;
                cohort->relapsed += out;
            }
            if (cohort->reintegrated > 0.0 && group->at_war == 1) {
                double out = (double)binomial((int64_t)cohort->reintegrated,
                                              rate_to_probability(p->return_rate * group->ties, dt),
                                              draw(now, SLIPS, cohort->uid, 0));
                cohort->reintegrated -= out;
                cohort->relapsed += out;
                row->fighters += out;
            }
            total += row->fighters;
        }
        group->fighters = total;
        double collected = (double)(int64_t)(arms * (1.0 - p->hoarding));
        double hidden = (double)(int64_t)(arms * p->hoarding);
        group->weapons = larger(0.0, group->weapons - collected - hidden);
        country->weapons_collected += collected;
        country->weapons_loose += hidden;
    }
    if (integrated_now > 0.0) {
        integrate(world, integrated_now, abusers / integrated_now, army);
        country->integrated += integrated_now;
    }
    double registered = smaller(p->capacity * planned, p->fastest * active * p->caseload);
    world->ledger[LINE_DISARMAMENT].planned = registered * p->cost_per_person * dt;
    world->ledger[LINE_REINTEGRATION].planned =
        p->reintegration * supported_people * p->caseload * p->cost_of_support / p->support_length * dt;
}

/* The same phase month after month, for timing. */
#define REPEATED(phase)                                                             \
    void repeated_##phase(const struct world *world, double dt, int64_t months)     \
    {                                                                               \
        for (int64_t k = 0; k < months; k++) {                                      \
            phase(world, dt);                                                       \
            world->clock->week += 4;                                                \
        }                                                                           \
    }

REPEATED(community_trust)
REPEATED(police_work)
REPEATED(former_fighters)
