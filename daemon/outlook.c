#include "daemon/outlook.h"
#include "core/day.h"
#include "core/money.h"
#include "daemon/enabled_figures.h"
#include "daemon/imported.h"
#include "daemon/inbox.h"
#include "daemon/lm3_project.h"
#include "daemon/lm3_tables.h"
#include "daemon/own_assessment.h"
#include "daemon/own_observation.h"
#include "daemon/own_policy.h"
#include "daemon/own_profile.h"
#include "daemon/reference.h"
#include "daemon/spend_files.h"
#include "daemon/spend_months.h"
#include "daemon/tally_words.h"
#include "daemon/veto.h"
#include "daemon/which_tally.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

/* ---- the network --------------------------------------------------------------------------- */

const char *kl_outlook_state(const struct kl_network *network)
{
	const struct kl_roster_member *self;
	struct kl_head end;

	if (!network)
		return "alone";
	if (kl_recovering_state(network))
		return kl_recovering_state(network);
	if (kl_network_is_convenor(network))
		return "active";
	self = kl_network_self(network);
	if (!self && kl_roster_ends(&network->roster, &network->own, &end))
		return "handed over";
	return self ? kl_member_state_name(self->state) : "waiting for the convenor";
}

/* Who was removed or suspended is cut off before it could hear of it. */
static bool is_shut_out(const struct kl_network *network)
{
	struct kl_out_view view;

	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		if (kl_links_out(network->node->links, i, &view) && view.refused &&
			kl_roster_is_convenor(&network->roster, &view.member))
			return kl_network_self(network) != NULL;
	return false;
}

static void look_at_tally(
	const struct kl_network *network, const struct kl_tally_view *view, struct kl_outlook *s)
{
	const uint64_t duty = kl_tally_duty_until(view);
	const bool waits = view->gate == KL_GATE_OPEN && kl_tally_waits_for_us(view);

	s->tallies += view->gate == KL_GATE_OPEN && !kl_tally_has_ended(view);
	s->tallies_open +=
		view->gate == KL_GATE_OPEN && view->state == KL_TALLY_OPEN && !view->doomed;
	s->tallies_deciding +=
		view->gate == KL_GATE_OPEN &&
		(view->state == KL_TALLY_DECIDING || view->state == KL_TALLY_CERTIFIED);
	s->tallies_waiting += kl_tally_asks_us(network, view);
	s->tallies_vetoed += kl_tally_asks_us(network, view) && kl_veto_seats(network, view);
	s->tallies_counted += waits && kl_tally_counted_before(network, view);
	if (duty <= s->duty_until_ms)
		return;
	s->duty_until_ms = duty;
	kl_tally_duty_words(view, s->duty);
}

static void look_at_tallies(const struct kl_network *network, struct kl_outlook *s)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	struct kl_tally_view view;

	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		if (kl_tallies_view(book, kl_tallies_at(book, i), &view))
			continue;
		look_at_tally(network, &view, s);
	}
}

void kl_put_duty(struct kl_writer *w, const struct kl_outlook *outlook)
{
	const struct kl_clock clock = {kl_node_wall(), kl_local_offset_ms};
	char text[KL_WHEN_MAX];

	if (!outlook->duty_until_ms) {
		kl_put_nil(w, "keep_running");
		return;
	}
	kl_put_map(w, "keep_running", 3);
	kl_put_text(w, "for", outlook->duty);
	kl_put_text(w, "until", kl_utc_format(outlook->duty_until_ms, text));
	kl_put_text(w, "until_words", kl_when_words(&clock, outlook->duty_until_ms, text));
}

static void look_at_vetoes(const struct kl_network *network, struct kl_outlook *s)
{
	const struct kl_config *config = &network->node->config;

	for (size_t i = 0; i < config->vetoes && s->on_roster; i++)
		s->stray_vetoes += kl_veto_is_stray(network, config->veto[i]);
}

static void look_at_own_feed(const struct kl_network *network, struct kl_outlook *s)
{
	const struct kl_recover *r = &network->recovering.machine;
	enum kl_own_state state = kl_recover_state(r);

	s->recovering = state == KL_OWN_RECOVERING && !kl_recover_is_claim(r);
	s->twin = state == KL_OWN_TWIN;
	s->superseded = s->twin && r->superseded;
}

static void look_at_network(const struct kl_node *node, struct kl_outlook *s)
{
	const struct kl_network *network = node->network;

	s->kind = node->home.identity.kind;
	s->disk = node->disk.state;
	if (!network)
		return;
	s->networked = true;
	s->convenor = kl_network_is_convenor(network);
	s->on_roster = s->convenor || kl_network_self(network);
	s->shut_out = is_shut_out(network);
	look_at_own_feed(network, s);
	s->members = network->roster.n_members;
	look_at_tallies(network, s);
	look_at_vetoes(network, s);
}

static int look_at_inbox(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	struct kl_inbox *inbox;
	int rc;

	if (!node->network)
		return KL_OK;
	inbox = malloc(sizeof *inbox);
	if (!inbox)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = kl_inbox_look(node, false, UINT64_MAX, inbox, fault);
	if (!rc) {
		s->inbox_answers = inbox->answers;
		s->inbox_others = inbox->others + inbox->n_withdrawn + inbox->goes_on;
	}
	free(inbox);
	return rc;
}

/* ---- own figures --------------------------------------------------------------------------- */

static int look_at_assessment(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	const struct kl_assessment_choice latest = {.revision = KL_LATEST};
	struct kl_assessment *assessment;
	struct kl_assessed assessed;
	uint64_t revision;
	int rc = kl_own_assessment(node, &latest, &assessment, &revision, fault);

	/* Several places and none of them the whole area: there is one, but none to tell of. */
	if (rc == KL_E_NOT_FOUND || rc == KL_E_AMBIGUOUS)
		return KL_OK;
	if (rc)
		return rc;
	s->assessment.any = true;
	s->assessment.period = assessment->period;
	s->assessment.assessors = assessment->assessor_count;
	for (size_t c = 0; c < KL_CHARACTERISTICS; c++) {
		kl_assessment_result(assessment, c, &assessed);
		s->assessment.scored += assessed.scores > 0;
	}
	kl_assessment_destroy(assessment);
	return KL_OK;
}

/* Projects are looked through for the one that is told of: the one in use, else the latest. */
struct projects {
	struct kl_node *node;
	struct kl_outlook *s;
	char used[KL_NAME_MAX];
	bool any, any_used;
	struct kl_lm3_project told;
};

static bool has_suppliers(struct kl_node *node, const char *key)
{
	struct kl_import import;

	return !kl_import_latest(node->store, KL_LM3_SUPPLIERS, key, &import);
}

static int look_at_project(void *arg, const struct kl_lm3_project *project)
{
	struct projects *p = arg;
	bool used = !strcmp(project->key, p->used);

	p->s->lm3.projects++;
	if (!project->is_record && !has_suppliers(p->node, project->key))
		(void)kl_copy_text(
			p->s->lm3.unfed, sizeof p->s->lm3.unfed, kl_lm3_project_name(project));
	if (p->any && !used &&
		(p->any_used || kl_period_compare(kl_lm3_project_period(project),
					kl_lm3_project_period(&p->told)) < 0))
		return KL_VISIT_ON;
	p->any = true;
	p->any_used |= used;
	p->told = *project;
	return KL_VISIT_ON;
}

static int add_up_project(
	struct kl_node *node, const struct kl_lm3_project *project, struct kl_outlook *s)
{
	struct kl_lm3_result *result = malloc(sizeof *result);
	int rc = result ? kl_lm3_tables_result(node, project->key, &project->u.ledger, NULL, result)
			: KL_E_NOMEM;

	if (rc == KL_E_INVALID || rc == KL_E_RANGE) { /* nothing to divide by */
		free(result);
		return KL_OK;
	}
	if (!rc) {
		s->lm3.any = true;
		s->lm3.low = result->lm3.low;
		s->lm3.central = result->lm3.central;
		s->lm3.high = result->lm3.high;
		s->lm3.has_central = result->lm3.has_central;
		s->lm3.rating = result->rating;
		s->lm3.caveat = kl_lm3_caveat(result);
	}
	free(result);
	return rc;
}

static int tell_project(struct kl_node *node, const struct kl_lm3_project *project, bool thorough,
	struct kl_outlook *s)
{
	(void)kl_copy_text(s->lm3.name, sizeof s->lm3.name, kl_lm3_project_name(project));
	s->lm3.period = kl_lm3_project_period(project);
	s->lm3.recorded = project->is_record;
	if (!project->is_record)
		return thorough ? add_up_project(node, project, s) : KL_OK;
	s->lm3.any = s->lm3.has_central = true;
	s->lm3.central = project->u.record.thousandths / 1000.0;
	s->lm3.low = s->lm3.high = s->lm3.central;
	s->lm3.rating = project->u.record.rating;
	return KL_OK;
}

static int look_at_lm3(
	struct kl_node *node, bool thorough, struct kl_outlook *s, struct kl_fault *fault)
{
	struct projects *p = calloc(1, sizeof *p);
	int rc = KL_E_NOMEM;

	if (p) {
		p->node = node;
		p->s = s;
		rc = kl_lm3_in_use(node, p->used);
	}
	if (!rc)
		rc = kl_lm3_project_visit(node, look_at_project, p);
	if (!rc && p->any)
		rc = tell_project(node, &p->told, thorough, s);
	free(p);
	return rc ? kl_fault(fault, rc, "the LM3 projects cannot be read: %s", kl_error_text(rc))
		  : KL_OK;
}

static int take_tenant(void *sum, const struct kl_value *row, struct kl_fault *fault)
{
	return kl_tenants_take_row(sum, row, fault);
}

static int add_up_tenants(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	static const struct kl_rows_sink sink = {.row = take_tenant};
	struct kl_tenants_sum *sum = calloc(1, sizeof *sum);
	struct kl_missing_list missing = {0};
	char name[KL_PERIOD_TEXT_MAX];
	int rc;

	if (!sum)
		return kl_fault(fault, KL_E_NOMEM, "no memory for tenants");
	sum->missing = &missing;
	rc = kl_enabled_get_factors(node, s->enabled.period, &sum->factors, fault);
	if (!rc)
		rc = kl_rows_all(node, KL_ENABLED_TENANTS,
			kl_period_format(s->enabled.period, name), &sink, sum, fault);
	s->enabled.total = sum->total;
	s->enabled.missing = missing.count;
	kl_missing_free(&missing);
	free(sum);
	return rc;
}

static int look_at_enabled(
	struct kl_node *node, bool thorough, struct kl_outlook *s, struct kl_fault *fault)
{
	int rc = kl_enabled_latest(node, &s->enabled.period, fault);

	if (rc)
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	s->enabled.any = true;
	rc = kl_enabled_get_record(node, s->enabled.period, &s->enabled.record, fault);
	s->enabled.recorded = !rc;
	if (rc != KL_E_NOT_FOUND)
		return rc;
	return thorough ? add_up_tenants(node, s, fault) : KL_OK;
}

/* What was done with the files; without any, nothing. */
static int look_at_use_of_spend(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	struct kl_import places;

	if (!s->spend.files)
		return KL_OK;
	s->spend.places = !kl_import_latest(node->store, KL_SPEND_PLACES, KL_SPEND_OWN, &places);
	return kl_spend_months_current(node, &s->spend.looked_at, fault);
}

static int look_at_spend(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	struct kl_spend_files files = {0};
	int rc = kl_spend_files_load(node, &files, fault);

	if (rc)
		return rc;
	s->spend.files = files.count;
	for (size_t i = 0; i < files.count; i++) {
		const struct kl_spend_file *file = &files.items[i].file;

		s->spend.payments += file->accepted;
		if (kl_money_add(s->spend.pence, file->pence, &s->spend.pence))
			break;
		if (!file->has_days)
			continue;
		if (!s->spend.has_days || file->first < s->spend.first)
			s->spend.first = file->first;
		if (!s->spend.has_days || file->last > s->spend.last)
			s->spend.last = file->last;
		s->spend.has_days = true;
	}
	free(files.items);
	return look_at_use_of_spend(node, s, fault);
}

static int count_document(void *arg, const struct kl_document *document)
{
	(void)document;
	++*(size_t *)arg;
	return KL_VISIT_ON;
}

/* Tables of observations: of each name the newest counts, with all its rows. */
struct tables {
	struct kl_node *node;
	size_t rows;
};

static int count_rows(void *arg, const struct kl_import *import)
{
	struct tables *tables = arg;
	struct kl_import_note note;
	struct kl_import latest;
	int rc = kl_import_latest(tables->node->store, import->kind, import->name, &latest);

	if (rc || latest.order != import->order)
		return rc;
	rc = kl_doc_import_note_decode(import->note, &note);
	if (!rc)
		tables->rows += note.rows;
	return rc;
}

static int look_at_indicators(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	struct tables tables = {node, 0};
	int rc = kl_document_visit(
		node->store, KL_OBSERVATION_KIND, "", false, count_document, &s->observations);

	if (!rc)
		rc = kl_import_visit(node->store, KL_OBSERVATIONS_IMPORT, count_rows, &tables);
	s->observations += tables.rows;
	return rc ? kl_fault(fault, rc, "the indicators cannot be read: %s", kl_error_text(rc))
		  : KL_OK;
}

static int look_at_profile(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	struct kl_profile profile;
	int rc = kl_own_profile(node, &profile, fault);

	if (rc)
		return rc;
	s->thin_profile = !profile.attributes.gss[0];
	s->bare_profile =
		s->kind == KL_MEMBER_COUNCIL ? !profile.population.known : !profile.services.n;
	kl_profile_deinit(&profile);
	return KL_OK;
}

/* ---- what others can learn from ------------------------------------------------------------ */

static int look_at_reference(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	const struct kl_reference *reference;
	int rc = kl_reference_get(node, &reference, fault);

	s->reference = !rc && reference->n;
	return rc;
}

static int look_at_policy(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	struct kl_policy policy;
	int rc = kl_own_policy(node, &policy, fault);

	if (rc)
		return rc;
	s->policy = !kl_policy_is_empty(&policy);
	kl_policy_deinit(&policy);
	return KL_OK;
}

static void count_lessons(const struct kl_node *node, struct kl_outlook *s)
{
	const struct kl_network *network = node->network;

	for (size_t i = 0; network && i < network->posts.n; i++) {
		const struct kl_posted *posted = &network->posts.items[i];

		s->lessons += posted->kind == KL_LESSON && kl_post_stands(posted) &&
			      kl_id_equal(&posted->author, &network->own.author);
	}
}

static int look_at_learning(struct kl_node *node, struct kl_outlook *s, struct kl_fault *fault)
{
	int rc = look_at_reference(node, s, fault);

	count_lessons(node, s);
	return rc ? rc : look_at_policy(node, s, fault);
}

int kl_outlook_look(
	struct kl_node *node, bool thorough, struct kl_outlook *ret_outlook, struct kl_fault *fault)
{
	struct kl_outlook s = {.networked = false};
	struct kl_fault said = {0}; /* what is not there is no fault of the command */
	int rc;

	look_at_network(node, &s);
	if ((rc = look_at_assessment(node, &s, &said)) ||
		(rc = look_at_lm3(node, thorough, &s, &said)) ||
		(rc = look_at_enabled(node, thorough, &s, &said)) ||
		(rc = look_at_spend(node, &s, &said)) ||
		(rc = look_at_indicators(node, &s, &said)) ||
		(rc = look_at_profile(node, &s, &said)) || (rc = look_at_inbox(node, &s, &said))) {
		*fault = said;
		return rc;
	}
	*ret_outlook = s;
	return look_at_learning(node, ret_outlook, fault);
}

bool kl_outlook_has_figures(const struct kl_outlook *s)
{
	return s->assessment.any || s->lm3.projects || s->enabled.any || s->spend.files ||
	       s->observations;
}
