/* tally statement: the facts that a data-protection statement about tallies rests on, as far as this
 * machine knows them. The page itself is written where it is read (client/statement.h). */
#include "core/cells.h"
#include "core/day.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/tally_told.h"
#include "daemon/veto.h"
#include "daemon/which_tally.h"

#include <stdio.h>
#include <stdlib.h>

/* One contribution of this member: when it left, by its own record. */
struct left {
	struct kl_id tally;
	uint64_t ms;
	uint8_t number;
	bool withdrawn;
};

struct lefts {
	struct left *items;
	size_t count, capacity;
	bool failed;
};

/* ---- when answers left ------------------------------------------------------------------------ */

/* What a withdrawal names was said before it. */
static void take_withdraw(struct lefts *lefts, struct kl_bytes payload)
{
	struct kl_tally_withdraw withdraw;

	if (kl_tally_withdraw_read(payload, &withdraw))
		return;
	for (size_t i = 0; i < lefts->count; i++)
		if (kl_id_equal(&lefts->items[i].tally, &withdraw.tally) &&
			lefts->items[i].number <= withdraw.number)
			lefts->items[i].withdrawn = true;
}

static int take_contrib(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct lefts *lefts = arg;
	struct kl_tally_contrib contrib;
	struct kl_record record;

	(void)feed;
	if (kl_record_from_store(stored, &record))
		return KL_VISIT_ON;
	if (record.h.kind == KL_KIND_TALLY_WITHDRAW)
		take_withdraw(lefts, record.payload);
	if (record.h.kind != KL_KIND_TALLY_CONTRIB ||
		kl_tally_contrib_read(record.payload, &contrib))
		return KL_VISIT_ON;
	if (lefts->count == lefts->capacity) {
		const size_t capacity = lefts->capacity ? 2 * lefts->capacity : 16;
		struct left *items = realloc(lefts->items, capacity * sizeof *items);

		if (!items) {
			lefts->failed = true;
			return KL_VISIT_ON;
		}
		lefts->items = items;
		lefts->capacity = capacity;
	}
	lefts->items[lefts->count++] =
		(struct left){contrib.tally, record.h.time_ms, contrib.number, false};
	return KL_VISIT_ON;
}

static int find_lefts(const struct kl_network *network, struct lefts *ret_lefts)
{
	const struct kl_feed_id own = kl_feed_id_of(&network->own);
	int rc = kl_feed_visit(network->node->store, &own, 1, take_contrib, ret_lefts);

	if (ret_lefts->failed)
		return KL_E_NOMEM;
	return rc < 0 ? rc : KL_OK;
}

/* ---- facts ------------------------------------------------------------------------------------ */

/* In UTC under `key`, and as people of the place write it under "KEY_words": two keys. */
static void put_time(struct kl_writer *w, const char *key, uint64_t ms)
{
	const struct kl_clock clock = {kl_node_wall(), kl_local_offset_ms};
	char text[KL_WHEN_MAX], zone[KL_ZONE_MAX], words[64], shown[KL_WHEN_MAX + KL_ZONE_MAX];

	kl_put_text(w, key, kl_utc_format(ms, text));
	(void)snprintf(words, sizeof words, "%s_words", key);
	(void)snprintf(shown, sizeof shown, "%s %s", kl_date_words(&clock, ms, text),
		kl_zone_words(&clock, ms, zone));
	kl_put_text(w, words, shown);
}

static void put_member(struct kl_writer *w, const struct kl_network *network)
{
	const struct kl_identity *own = &network->node->home.identity;
	const struct kl_config *config = &network->node->config;
	const struct kl_charter *charter = &network->roster.charter;

	kl_put_text(w, "member", own->name);
	kl_put_text(w, "kind", kl_member_kind_name(own->kind));
	kl_put_text(w, "network", network->roster.name);
	kl_put_text(w, "consent", config->consent_always ? "always" : "ask");
	kl_put_bool(w, "offers_seat", config->seat);
	kl_put_array(w, "vetoes", config->vetoes);
	for (size_t i = 0; i < config->vetoes; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "veto", config->veto[i]);
		kl_put_bool(w, "fits", !kl_veto_is_stray(network, config->veto[i]));
	}
	kl_put_map(w, "charter", 3);
	kl_put_uint(w, "minimum", charter->minimum);
	kl_put_uint(w, "contribute_for_seconds", charter->contribute_ms / 1000);
	kl_put_uint(w, "decide_for_seconds", charter->decide_ms / 1000);
}

/* All tallies to which this member has contributed, and when. */
static void put_contributed(
	struct kl_writer *w, const struct kl_network *network, const struct lefts *lefts)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	struct kl_tally_view view;
	size_t n = 0;

	for (size_t i = 0; i < lefts->count; i++)
		n += !kl_tallies_view(book, &lefts->items[i].tally, &view);
	kl_put_array(w, "contributed", n);
	for (size_t i = 0; i < lefts->count; i++) {
		char text[KL_ID_HEX_MAX];

		if (kl_tallies_view(book, &lefts->items[i].tally, &view))
			continue;
		kl_write_map(w, 7);
		kl_hex(view.id.b, KL_ID_BYTES, text);
		kl_put_text(w, "tally", text);
		kl_put_text(w, "period", kl_period_format(view.call->period, text));
		kl_put_text(w, "state", kl_tally_state_word(&view));
		put_time(w, "at", lefts->items[i].ms);
		kl_put_uint(w, "number", lefts->items[i].number);
		kl_put_bool(w, "withdrawn", lefts->items[i].withdrawn);
	}
}

/* Which questions this member answered: everybody sees that. What it answered is no fact of this page. */
static void put_metrics(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	const int own = kl_tally_roster_find(view->roster, &network->own.author);
	struct kl_tally_member_view said = {.presence = NULL};

	if (own >= 0)
		(void)kl_tallies_member(
			kl_network_tallies(network), &view->id, (uint16_t)own, &said);
	kl_put_array(w, "metrics", view->call->metric_count);
	for (unsigned m = 0; m < view->call->metric_count; m++) {
		kl_write_map(w, 2);
		kl_put_text(w, "name", view->call->metrics[m].name);
		kl_put_bool(w, "answered", said.presence && kl_presence_has(said.presence, m));
	}
}

static void put_committee(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	kl_put_array(w, "committee", view->committee.n);
	for (unsigned j = 0; j < view->committee.n; j++)
		kl_write_text(w, kl_member_name(network, &view->seats[j].member));
	kl_put_uint(w, "readers", view->committee.t);
	kl_put_uint(w, "agree", view->committee.qa);
	kl_put_uint(w, "votes", view->committee.qv);
}

static void put_tally(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	char text[KL_COHORT_TEXT_MAX + KL_ID_HEX_MAX];
	struct kl_told told;

	kl_tally_told(network, view, &told);
	kl_put_map(w, "tally", 23);
	kl_hex(view->id.b, KL_ID_BYTES, text);
	kl_put_text(w, "id", text);
	kl_put_text(w, "period", kl_period_format(view->call->period, text));
	kl_put_text(w, "state", kl_tally_state_word(view));
	kl_put_bool(w, "first", !view->call->has_previous);
	kl_put_uint(w, "minimum", view->call->minimum);
	kl_put_uint(w, "members", view->roster->count);
	kl_put_uint(w, "contributors", view->contributors);
	kl_put_bool(w, "own_contributed", view->contributed);
	kl_put_uint(w, "own_seat", view->own_seat);
	kl_put_uint(w, "released", told.openings.released);
	kl_put_uint(w, "withheld", told.openings.withheld);
	put_time(w, "called", view->called_ms);
	put_time(w, "contribute_until", view->contribute_until_ms);
	put_time(w, "decide_until", view->decide_until_ms);
	kl_put_array(w, "cohorts", view->call->cohort_count);
	for (unsigned c = 0; c < view->call->cohort_count; c++)
		kl_write_text(w, kl_cohort_format(&view->call->cohorts[c], text));
	put_metrics(w, network, view);
	put_committee(w, network, view);
}

static int answer(const struct kl_network *network, const char *text, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	struct lefts lefts = {0};
	struct kl_tally_view view;
	const bool any = text[0] || kl_tallies_count(kl_network_tallies(network));
	int rc = any ? kl_which_tally(network, text, &view, &ask->fault) : KL_OK;

	if (!rc && find_lefts(network, &lefts))
		rc = kl_fault(&ask->fault, KL_E_DAMAGED, "the own records cannot be read");
	if (!rc) {
		kl_write_map(w, 9);
		put_member(w, network);
		put_contributed(w, network, &lefts);
		if (any)
			put_tally(w, network, &view);
		else
			kl_put_nil(w, "tally");
	}
	free(lefts.items);
	return rc ? rc : kl_ask_answer(ask);
}

int kl_cmd_tally_statement(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	char text[KL_ID_HEX_MAX];
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && kl_get_text_or(&ask->args, "tally", "", text, sizeof text))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "no tally has so long a name");
	return rc ? rc : answer(network, text, ask);
}
