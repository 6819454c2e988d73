/* digest: what happened in the network in some days, on one screen.
 *
 * Posts are told by when they arrived here, as far as that was noted (arrival_days.h); all else, and
 * posts of before, by the time that its author claims. */
#include "core/day.h"
#include "daemon/arrival_days.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/metric_words.h"
#include "daemon/policies.h"
#include "daemon/post_text.h"
#include "daemon/thread.h"
#include "daemon/which_tally.h"

#include <stdlib.h>
#include <string.h>

/* Ours: what one screen holds. Beyond it things are counted. */
enum {
	DAY_MS = 86400000,
	WEEK = 7,
	DAYS_MAX = 366,
	LISTED_MAX = 20,
	ADMITTED_MAX = 1000, /* admissions that are looked up */
	OF_ONE_MAX = 3       /* lessons or questions of one member that are listed */
};

struct digest {
	struct kl_node *node;
	struct kl_network *network;
	struct kl_writer *w;
	int32_t since;     /* the first day */
	uint64_t since_ms; /* when it began */
	bool by_arrival;
	uint64_t arrival; /* what is above it came since */
	struct kl_post *room;
	uint32_t *answers; /* of each item of the table of posts */
};

/* By the time that somebody claims; what is dated after tomorrow waits until its day has come. */
static bool is_since(const struct digest *d, uint64_t time_ms)
{
	return time_ms >= d->since_ms && time_ms <= kl_node_wall() + DAY_MS;
}

/* A list that is counted first and written afterwards. */
static void put_list(struct digest *d, const char *key, size_t total, size_t listed)
{
	kl_put_map(d->w, key, 2);
	kl_put_uint(d->w, "count", total);
	kl_put_array(d->w, "listed", listed);
}

/* ---- members --------------------------------------------------------------------------------- */

struct admitted {
	const struct kl_roster_member *member;
	uint64_t time_ms;
};

static int latest_first(const void *a, const void *b)
{
	const struct admitted *x = a, *y = b;

	return x->member->since > y->member->since   ? -1
	       : x->member->since < y->member->since ? 1
						     : 0;
}

static int take_time(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct kl_record record;

	(void)feed;
	if (kl_record_from_store(stored, &record))
		return KL_E_DAMAGED;
	*(uint64_t *)arg = record.h.time_ms;
	return KL_OK;
}

/* From the latest admission back to the first one that is older: those since then stand in front. */
static size_t count_new(struct digest *d, struct admitted *all, size_t n)
{
	size_t i = 0;

	for (; i < n && i < ADMITTED_MAX; i++) {
		struct kl_feed_id feed = kl_feed_id_of(&all[i].member->since_feed);

		if (kl_feed_get(d->node->store, &feed, all[i].member->since_seq, take_time,
			    &all[i].time_ms) ||
			all[i].time_ms < d->since_ms)
			break;
	}
	return i;
}

static int put_members(struct digest *d)
{
	const struct kl_roster *roster = &d->network->roster;
	struct admitted *all = calloc(roster->n_members + 1, sizeof *all);
	size_t n, listed;

	if (!all)
		return KL_E_NOMEM;
	for (size_t i = 0; i < roster->n_members; i++)
		all[i].member = &roster->members[i];
	qsort(all, roster->n_members, sizeof *all, latest_first);
	n = count_new(d, all, roster->n_members);
	listed = n < LISTED_MAX ? n : LISTED_MAX;
	put_list(d, "members", n, listed);
	for (size_t i = 0; i < listed; i++) {
		kl_write_map(d->w, 3);
		kl_put_text(d->w, "member", all[i].member->name);
		kl_put_text(d->w, "kind", kl_member_kind_name(all[i].member->attributes.kind));
		kl_put_day_of(d->w, "admitted", all[i].time_ms);
	}
	free(all);
	return KL_OK;
}

/* ---- posts ----------------------------------------------------------------------------------- */

static bool is_recent(const struct digest *d, const struct kl_posted *posted)
{
	if (!kl_post_stands(posted))
		return false;
	return d->by_arrival ? posted->arrival > d->arrival : is_since(d, posted->time_ms);
}

/* Written long before it came, or dated after today: what its author claims is told with a mark. */
static bool is_dated_otherwise(const struct digest *d, const struct kl_posted *posted)
{
	return d->by_arrival && (posted->time_ms + DAY_MS < d->since_ms ||
					posted->time_ms > kl_node_wall() + DAY_MS);
}

static void put_post(struct digest *d, const struct kl_posted *posted)
{
	bool read = !kl_post_read(d->node, posted, d->room, NULL);

	kl_write_map(d->w, KL_POST_HEAD_KEYS + 3);
	kl_put_post_head(d->w, d->network, posted);
	kl_put_said(d->w, "title", read ? d->room->title : "");
	kl_put_bool(d->w, "dated_otherwise", is_dated_otherwise(d, posted));
	if (posted->kind == KL_QUESTION)
		kl_put_uint(d->w, "answers", d->answers[posted - d->network->posts.items]);
	else
		kl_put_nil(d->w, "answers");
	if (read)
		kl_post_deinit(d->room);
}

static size_t of_author(const struct kl_posted *const *listed, size_t n, const struct kl_id *author)
{
	size_t of = 0;

	for (size_t i = 0; i < n; i++)
		of += kl_id_equal(&listed[i]->author, author);
	return of;
}

/* The latest first. */
static void put_posts(struct digest *d, const char *key, enum kl_post_kind kind)
{
	const struct kl_posts *posts = &d->network->posts;
	const struct kl_posted *listed[LISTED_MAX];
	size_t n = 0, total = 0;

	for (size_t i = posts->n; i-- > 0;) {
		const struct kl_posted *posted = &posts->items[i];

		if (posted->kind != kind || !is_recent(d, posted))
			continue;
		total++;
		if (n < LISTED_MAX && of_author(listed, n, &posted->author) < OF_ONE_MAX)
			listed[n++] = posted;
	}
	put_list(d, key, total, n);
	for (size_t i = 0; i < n; i++)
		put_post(d, listed[i]);
}

static void put_answers(struct digest *d)
{
	const struct kl_posts *posts = &d->network->posts;
	size_t total = 0;

	for (size_t i = 0; i < posts->n; i++)
		total += posts->items[i].kind == KL_ANSWER && is_recent(d, &posts->items[i]);
	kl_put_uint(d->w, "answers", total);
}

/* ---- policies, figures, tallies -------------------------------------------------------------- */

static const struct kl_policy_version *recent_policy(
	const struct digest *d, const struct kl_member_policy *policy)
{
	const struct kl_policy_version *newest;

	if (!policy->policy)
		return NULL;
	newest = kl_policy_newest(policy);
	return newest && is_since(d, newest->time_ms) ? newest : NULL;
}

static void put_policies(struct digest *d)
{
	const struct kl_policies *policies = &d->network->policies;
	size_t total = 0, listed = 0;

	for (size_t i = 0; i < policies->n; i++)
		total += recent_policy(d, policies->items[i]) != NULL;
	put_list(d, "policies", total, total < LISTED_MAX ? total : LISTED_MAX);
	for (size_t i = 0; i < policies->n && listed < LISTED_MAX; i++) {
		const struct kl_policy_version *version = recent_policy(d, policies->items[i]);

		if (!version)
			continue;
		listed++;
		kl_write_map(d->w, 3);
		kl_put_text(d->w, "member", kl_member_name(d->network, &policies->items[i]->id));
		kl_put_bool(d->w, "changed", policies->items[i]->total > 1);
		kl_put_day_of(d->w, "published", version->time_ms);
	}
}

static bool is_recent_figure(const struct digest *d, const struct kl_member_figure *figure)
{
	return !figure->withdrawn && is_since(d, figure->time_ms);
}

static void put_figure(
	struct digest *d, const struct kl_id *member, const struct kl_member_figure *figure)
{
	char code[KL_METRIC_CODE_MAX];
	struct kl_metric metric;
	bool known;

	(void)kl_copy_text(code, sizeof code, figure->figure.metric);
	known = !kl_metric_find(code, &metric, NULL);
	kl_write_map(d->w, 4);
	kl_put_text(d->w, "member", kl_member_name(d->network, member));
	kl_put_text(d->w, "name", known ? metric.name : code);
	kl_put_period(d->w, "period", figure->figure.period);
	kl_put_day_of(d->w, "published", figure->time_ms);
}

static void put_figures(struct digest *d)
{
	const struct kl_members *members = &d->network->members;
	size_t total = 0, listed = 0;

	for (size_t i = 0; i < members->n; i++)
		for (size_t f = 0; f < members->items[i]->n_figures; f++)
			total += is_recent_figure(d, &members->items[i]->figures[f]);
	put_list(d, "figures", total, total < LISTED_MAX ? total : LISTED_MAX);
	for (size_t i = 0; i < members->n; i++)
		for (size_t f = 0; f < members->items[i]->n_figures && listed < LISTED_MAX; f++)
			if (is_recent_figure(d, &members->items[i]->figures[f])) {
				put_figure(
					d, &members->items[i]->id, &members->items[i]->figures[f]);
				listed++;
			}
}

/* Called since then, or still to be decided then. */
static bool is_recent_tally(const struct digest *d, const struct kl_tally_view *view)
{
	return view->gate == KL_GATE_OPEN &&
	       (view->called_ms >= d->since_ms || view->decide_until_ms >= d->since_ms);
}

static void put_tallies(struct digest *d)
{
	const struct kl_tallies *book = kl_network_tallies(d->network);
	size_t total = 0, listed = 0;
	struct kl_tally_view view;
	char hex[KL_SHORT_ID_MAX];

	for (size_t i = 0; i < kl_tallies_count(book); i++)
		total += !kl_tallies_view(book, kl_tallies_at(book, i), &view) &&
			 is_recent_tally(d, &view);
	put_list(d, "tallies", total, total < LISTED_MAX ? total : LISTED_MAX);
	for (size_t i = kl_tallies_count(book); i-- > 0 && listed < LISTED_MAX;) {
		if (kl_tallies_view(book, kl_tallies_at(book, i), &view) ||
			!is_recent_tally(d, &view))
			continue;
		listed++;
		kl_write_map(d->w, 4);
		kl_put_text(d->w, "tally", kl_short_id(&view.id, hex));
		kl_put_period(d->w, "period", view.call->period);
		kl_put_text(d->w, "state", kl_tally_state_word(&view));
		kl_put_day_of(d->w, "called", view.called_ms);
	}
}

/* ---- the command ----------------------------------------------------------------------------- */

static int ask_since(struct kl_ask *ask, int32_t *ret_since)
{
	int32_t today = (int32_t)(kl_node_wall() / DAY_MS), days[KL_DATES_ORDERS];
	char text[64];
	unsigned fits;
	int rc = kl_ask_text(ask, "since", text, sizeof text);

	*ret_since = today - WEEK;
	if (rc || !text[0])
		return rc;
	if (kl_dates_read(text, days, &fits) || !(fits & 1u << KL_DATES_DMY)) {
		kl_fault(&ask->fault, KL_E_USAGE, "--since \"%.32s\" is not a date", text);
		return kl_fault_hint(&ask->fault, "the day stands first, such as 31/03/2027; or "
						  "2027-03-31");
	}
	*ret_since = days[KL_DATES_DMY];
	if (*ret_since <= today && *ret_since >= today - DAYS_MAX)
		return KL_OK;
	return kl_fault(
		&ask->fault, KL_E_USAGE, "--since is a day of the last %d, up to today", DAYS_MAX);
}

static int put_digest(struct digest *d)
{
	char day[KL_DAY_TEXT_MAX];
	int rc;

	kl_write_map(d->w, 10);
	kl_put_text(d->w, "network", d->network->roster.name[0] ? d->network->roster.name : NULL);
	kl_put_text(d->w, "since", kl_day_format(d->since, day));
	kl_put_bool(d->w, "by_arrival", d->by_arrival);
	rc = put_members(d);
	put_posts(d, "lessons", KL_LESSON);
	put_posts(d, "questions", KL_QUESTION);
	put_answers(d);
	put_policies(d);
	put_figures(d);
	put_tallies(d);
	return rc;
}

int kl_cmd_digest(void *data, struct kl_ask *ask)
{
	struct digest d = {.node = data, .w = &ask->out, .room = malloc(sizeof *d.room)};
	int rc = d.room ? kl_need_network(data, &d.network, &ask->fault)
			: kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");

	if (!rc)
		rc = ask_since(ask, &d.since);
	if (!rc) {
		d.answers = kl_thread_counts(&d.network->posts);
		if (!d.answers)
			rc = kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	}
	if (!rc) {
		d.since_ms = (uint64_t)d.since * DAY_MS;
		d.by_arrival = !kl_arrivals_before(data, d.since, &d.arrival);
		rc = put_digest(&d);
	}
	free(d.room);
	free(d.answers);
	return rc ? rc : kl_ask_answer(ask);
}
