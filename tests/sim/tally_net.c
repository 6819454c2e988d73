/* The life of a story: luck, time, calls and answers. */
#include "tests/sim/tally_inside.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool net_trace;
const char *net_again = "";
struct net_options net_options_now;
struct kl_id net_network;

static const char *story_name;
static uint64_t story_seed, luck, now_ms;
static int node_count;
static struct kl_id tallies[NET_TALLIES_MAX];
static struct kl_tally_call calls[NET_TALLIES_MAX];
static struct kl_tally_roster rosters[NET_TALLIES_MAX];
static int tally_count;
static uint64_t called_ms;

/* ---- luck, time and words ------------------------------------------------------------------- */

uint64_t net_bits(void)
{
	luck ^= luck << 13;
	luck ^= luck >> 7;
	luck ^= luck << 17;
	return luck * UINT64_C(2685821657736338717);
}

uint64_t net_random(uint64_t below)
{
	uint64_t bits = net_bits();

	return below ? (bits >> 11) % below : 0;
}

bool net_happens(unsigned of_thousand)
{
	return of_thousand && net_random(1000) < of_thousand;
}

uint64_t net_now(void)
{
	return now_ms;
}

int net_nodes(void)
{
	return node_count;
}

/* Time since the story began, as people read it. */
static const char *clock_text(void)
{
	static char text[32];
	uint64_t ms = now_ms - NET_START_MS, s = ms / 1000;

	snprintf(text, sizeof(text), "day %" PRIu64 " %02u:%02u:%02u.%03u", s / 86400 + 1,
		(unsigned)(s / 3600 % 24), (unsigned)(s / 60 % 60), (unsigned)(s % 60),
		(unsigned)(ms % 1000));
	return text;
}

void net_fail(const char *format, ...)
{
	va_list args;

	printf("not ok - %s\n# seed %" PRIu64 ", %s: ", story_name, story_seed, clock_text());
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n%s", net_again);
	fflush(stdout);
	_Exit(1);
}

void net_say(int node, const char *format, ...)
{
	va_list args;

	if (!net_trace)
		return;
	printf("# %s  %2d  ", clock_text(), node);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* ---- running -------------------------------------------------------------------------------- */

static void handle(const struct net_event *event)
{
	switch (event->what) {
	case MESSAGE:
		net_receive(event->node, event);
		break;
	case WAKE:
		net_wake(event->node, event->at);
		break;
	case SYNC:
		net_synchronise(event->node);
		break;
	case UP:
		net_start(event->node);
		break;
	}
}

void net_run(uint64_t until_ms)
{
	while (net_next_at() <= until_ms) {
		struct net_event event = net_next_event();

		now_ms = event.at;
		handle(&event);
	}
	now_ms = until_ms;
}

void net_settle(void)
{
	net_run(now_ms + net_options_now.contribute_ms + net_options_now.decide_ms);
	net_heal();
	net_faults(0, 0, 0);
	net_run(now_ms + 75 * net_options_now.sync_ms);
}

void net_faults(unsigned drop, unsigned commit_fails, unsigned crash_rate)
{
	net_options_now.drop = drop;
	net_options_now.commit_fails = commit_fails;
	net_options_now.crash = crash_rate;
}

/* ---- stories -------------------------------------------------------------------------------- */

static uint64_t or_else(uint64_t value, uint64_t usual)
{
	return value ? value : usual;
}

void net_seed(uint64_t seed)
{
	luck = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int i = 0; i < 10; i++)
		net_random(1);
}

void net_begin(const char *story, uint64_t seed, const struct net_options *with)
{
	story_name = story;
	story_seed = seed;
	net_seed(seed);
	net_options_now = *with;
	net_options_now.contribute_ms = or_else(with->contribute_ms, NET_CONTRIBUTE_MS);
	net_options_now.decide_ms = or_else(with->decide_ms, NET_DECIDE_MS);
	net_options_now.sync_ms = or_else(with->sync_ms, NET_SYNC_MS);
	now_ms = NET_START_MS;
	tally_count = 0;
	net_watch_begin();
	called_ms = 0;
	node_count = 1 + with->councils + with->anchors + with->strangers;
	KL_ASSERT(node_count <= NET_NODES_MAX);
	for (unsigned b = 0; b < sizeof(net_network.b); b++)
		net_network.b[b] = (uint8_t)net_random(256);
	for (int i = 0; i < node_count; i++)
		net_node_begin(i);
	net_people_begin();
	net_run(now_ms + 10);
}

void net_end(void)
{
	net_watch_end();
	net_feeds_end();
	for (int i = 0; i < node_count; i++)
		net_node_end(i);
	for (int i = 0; i < tally_count; i++) {
		kl_tally_call_deinit(&calls[i]);
		kl_tally_roster_deinit(&rosters[i]);
	}
	kl_tally_roster_deinit(&net_roster);
	net_forget_events();
	net_tamper = NULL;
	net_lie = NULL;
}

const struct kl_tallies *net_book(int node)
{
	return net_node[node].book;
}

const struct kl_id *net_id(int node)
{
	return &net_node[node].id;
}

int net_node_of(const struct kl_id *member)
{
	for (int i = 0; i < node_count; i++) {
		if (kl_id_equal(&net_node[i].id, member))
			return i;
	}
	return -1;
}

/* ---- calls and answers ---------------------------------------------------------------------- */

const struct kl_id *net_tally(int index)
{
	return &tallies[index];
}

static void copy_roster(struct kl_tally_roster *ret_roster)
{
	*ret_roster = net_roster;
	ret_roster->members = malloc(net_roster.count * sizeof(*net_roster.members));
	KL_ASSERT(ret_roster->members);
	memcpy(ret_roster->members, net_roster.members,
		net_roster.count * sizeof(*net_roster.members));
}

int net_call_anyway(const struct kl_tally_call *call)
{
	struct kl_bytes payload;
	struct kl_writer w;
	size_t seq;

	KL_ASSERT(tally_count < NET_TALLIES_MAX);
	kl_writer_init(&w);
	kl_tally_call_write(&w, call);
	KL_ASSERT(kl_writer_bytes(&w, &payload) == KL_OK);
	NET_CHECK(kl_tally_call_read(payload, &calls[tally_count]) == KL_OK, "a CALL is refused");
	copy_roster(&rosters[tally_count]);
	seq = net_write(0, 0, KL_KIND_TALLY_CALL, payload.data, payload.len);
	kl_writer_deinit(&w);
	tallies[tally_count++] = net_feeds[0].records[seq].id;
	called_ms = now_ms;
	net_work(0);
	return tally_count - 1;
}

int net_call(struct kl_tally_call *call, struct kl_fault *fault)
{
	int rc = kl_tallies_prepare(net_node[0].book, &net_roster, call, fault);

	return rc ? rc : net_call_anyway(call);
}

static int ask(int node, struct net_todo todo)
{
	struct net_node *n = &net_node[node];

	if (!n->up)
		return KL_E_UNREACHABLE;
	n->answer = KL_E_BUG;
	net_tell(node, todo);
	net_work(node);
	return n->answer;
}

int net_answer(int node, int tally, int16_t score, int16_t maturity)
{
	return ask(node, (struct net_todo){.kind = KL_TALLY_CONTRIBUTE,
				 .tally = tallies[tally],
				 .bins = {score, maturity},
				 .count = calls[tally].metric_count});
}

int net_decline(int node, int tally)
{
	return ask(node, (struct net_todo){.kind = KL_TALLY_DECLINE, .tally = tallies[tally]});
}

int net_withdraw(int node, int tally)
{
	return ask(node, (struct net_todo){.kind = KL_TALLY_WITHDRAW, .tally = tallies[tally]});
}

bool net_answers_of(int node, int tally, int16_t ret_bins[NET_METRICS])
{
	struct net_secret *secret = net_secret_of(node, &tallies[tally]);

	if (secret->answers_here)
		memcpy(ret_bins, secret->bins, secret->count * sizeof(*ret_bins));
	return secret->answers_here;
}

void net_forge_on(int node, unsigned branch, uint32_t kind, const void *payload, size_t len)
{
	net_set_false(node);
	net_write(node, branch, kind, payload, len);
	net_work(node);
}

void net_forge(int node, uint32_t kind, const void *payload, size_t len)
{
	net_forge_on(node, 0, kind, payload, len);
}

/* ---- for the observer ----------------------------------------------------------------------- */

uint64_t net_called_ms(void)
{
	return called_ms;
}

const struct kl_tally_roster *net_frozen_by(const struct kl_id *call)
{
	int index = net_index_of(call);

	KL_ASSERT(index >= 0);
	return &rosters[index];
}

int net_tallies(void)
{
	return tally_count;
}

bool net_has_key(int node, int tally)
{
	return net_secret_of(node, &tallies[tally])->key_here;
}

const uint8_t *net_key_of(int node, int tally)
{
	return net_secret_of(node, &tallies[tally])->key;
}

const struct kl_tally_call *net_terms_of(int tally)
{
	return &calls[tally];
}

const struct kl_tally_roster *net_roster_of(int tally)
{
	return &rosters[tally];
}

const struct net_options *net_windows(void)
{
	return &net_options_now;
}

uint16_t net_minimum(void)
{
	return net_options_now.minimum;
}
