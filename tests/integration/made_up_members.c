/* Puts made-up members into the home of a convenor whose daemon is stopped, so that a test can have
 * thousands: each is admitted in the convenor's feed and publishes its profile, and figures, a policy and
 * lessons if it has any, in a feed of its own, all signed by made-up keys.
 *
 *     made_up_members HOME [SEED] < members
 *
 * A line for each member: FIELD=VALUE apart by tabs, with the fields of profiles, of which name and
 * kind must be there. `figure=METRIC|PERIOD|VALUE|METHOD|CONFIDENCE` may stand several times; VALUE is
 * the scaled whole number. So may `policy=FIELD=VALUE`, and `lesson=FIELD=VALUE|FIELD=VALUE|...`.
 * Beyond KL_ROSTER_MEMBERS_MAX the roster takes nobody in, but the feeds are there. Another seed makes
 * other members. Prints how many. */
#include "core/period.h"
#include "daemon/home.h"
#include "daemon/network.h"
#include "protocol/payload_figure.h"
#include "protocol/payload_policy.h"
#include "protocol/payload_post.h"
#include "protocol/payload_profile.h"
#include "protocol/payload_roster.h"
#include "store/arrivals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIGURES = 8, LESSONS = 64, LINE_MAX_BYTES = 1 << 20, IN_A_COMMIT = 100 };

static const uint64_t made_ms = UINT64_C(1780000000000);

static _Noreturn void bail_out(const char *what, const struct kl_fault *fault)
{
	fprintf(stderr, "made_up_members: %s: %s\n", what, fault->message);
	exit(1);
}

struct made {
	struct kl_home home;
	struct kl_store *store;
	struct kl_batch *batch;
	struct kl_ticket ticket;
	struct kl_head head; /* of the convenor's feed */
	uint64_t seed, n;
	struct kl_fault fault;
};

struct member {
	struct kl_profile profile;
	struct kl_figure figures[FIGURES];
	size_t n_figures;
	struct kl_policy policy;
	char *lessons[LESSONS];
	size_t n_lessons;
};

/* ---- what a line says ------------------------------------------------------------------------ */

static int read_figure(char *text, struct kl_figure *ret_figure)
{
	const char *parts[5] = {"", "", "", "", ""};
	struct kl_figure figure = {{0}};

	for (size_t i = 0; i < 5 && text; i++)
		parts[i] = strsep(&text, "|");
	figure.value = strtoll(parts[2], NULL, 10);
	if (!kl_copy_text(figure.metric, sizeof figure.metric, parts[0]) ||
		kl_period_parse(parts[1], &figure.period) ||
		!kl_copy_text(figure.method, sizeof figure.method, parts[3]) ||
		!kl_copy_text(figure.confidence, sizeof figure.confidence, parts[4]))
		return KL_E_INVALID;
	*ret_figure = figure;
	return KL_OK;
}

static int read_field(struct made *made, char *text, struct member *member)
{
	if (!strncmp(text, "policy=", 7))
		return kl_policy_assign(&member->policy, text + 7, &made->fault);
	if (!strncmp(text, "lesson=", 7)) {
		if (member->n_lessons == LESSONS)
			return KL_E_TOO_BIG;
		member->lessons[member->n_lessons++] = text + 7;
		return KL_OK;
	}
	if (strncmp(text, "figure=", 7) != 0)
		return kl_profile_assign(&member->profile, text, &made->fault);
	return member->n_figures == FIGURES
		       ? KL_E_TOO_BIG
		       : read_figure(text + 7, &member->figures[member->n_figures++]);
}

static void read_member(struct made *made, char *line, struct member *ret_member)
{
	char *text;

	*ret_member = (struct member){.n_figures = 0};
	line[strcspn(line, "\n")] = '\0';
	while ((text = strsep(&line, "\t")))
		if (read_field(made, text, ret_member))
			bail_out(text, &made->fault);
	if (kl_profile_check(&ret_member->profile, &made->fault) ||
		kl_policy_check(&ret_member->policy, &made->fault))
		bail_out("a line", &made->fault);
}

/* ---- records --------------------------------------------------------------------------------- */

/* One record more at the end of a feed, into the batch. */
static void say(struct made *made, const struct kl_sign_keys *keys, struct kl_head *head,
	uint32_t kind, const struct kl_writer *w)
{
	const struct kl_author author = {made->ticket.network, {keys->public_key, 0}, keys};
	const struct kl_feed_id feed = {keys->public_key, 0};
	struct kl_record_memory memory;
	struct kl_stored_record stored;
	struct kl_record record;
	struct kl_bytes payload;

	if (kl_writer_bytes(w, &payload) ||
		kl_record_make(&author, head, kind, made_ms, payload, &memory, &record))
		bail_out("a record", &made->fault);
	kl_record_to_store(&record, &stored);
	if (kl_feed_append(made->batch, &feed, head->seq ? &head->id : NULL, &stored, 1))
		bail_out("a record", &made->fault);
	*head = (struct kl_head){record.h.seq, record.id};
}

static void admit(struct made *made, const struct kl_id *identity, const struct kl_profile *profile)
{
	struct kl_admit admit = {.identity = *identity, .attributes = profile->attributes};
	struct kl_writer w;

	memcpy(admit.curve_key, identity->b, sizeof admit.curve_key); /* nobody calls it */
	(void)kl_copy_text(admit.name, sizeof admit.name, profile->name);
	kl_writer_init(&w);
	kl_admit_write(&w, &admit);
	say(made, &made->home.identity.sign, &made->head, KL_KIND_ADMIT, &w);
	kl_writer_deinit(&w);
}

static void read_lesson(struct made *made, char *text, struct kl_post *ret_post)
{
	char *field, *value;

	kl_post_init(ret_post, KL_LESSON);
	while ((field = strsep(&text, "|"))) {
		value = strchr(field, '=');
		if (!value)
			bail_out(field, &made->fault);
		*value++ = '\0';
		if (kl_post_set(ret_post, field, value, &made->fault))
			bail_out(field, &made->fault);
	}
	if (kl_post_check(ret_post, &made->fault))
		bail_out("a lesson", &made->fault);
}

static void publish_lessons(struct made *made, const struct kl_sign_keys *keys,
	struct kl_head *head, const struct member *member)
{
	const struct kl_feed_id feed = {keys->public_key, 0};
	static struct kl_post post;
	struct kl_writer w;

	kl_writer_init(&w);
	for (size_t i = 0; i < member->n_lessons; i++) {
		read_lesson(made, member->lessons[i], &post);
		kl_writer_reset(&w);
		kl_payload_post_write(&w, &post);
		say(made, keys, head, KL_KIND_LESSON, &w);
		kl_arrival_give(made->batch, &feed, head->seq); /* sticks */
		kl_post_deinit(&post);
	}
	kl_writer_deinit(&w);
}

static void publish(struct made *made, const struct member *member)
{
	uint8_t seed[KL_SEED_BYTES] = "made up";
	struct kl_head head = {0};
	struct kl_sign_keys keys;
	struct kl_writer w;

	kl_put_u64(seed + 8, made->seed);
	kl_put_u64(seed + 16, made->n++);
	kl_sign_keys_from_seed(seed, &keys);
	admit(made, &keys.public_key, &member->profile);
	kl_writer_init(&w);
	kl_payload_profile_write(&w, &member->profile);
	say(made, &keys, &head, KL_KIND_PROFILE, &w);
	for (size_t i = 0; i < member->n_figures; i++) {
		kl_writer_reset(&w);
		kl_payload_figure_write(&w, &member->figures[i]);
		say(made, &keys, &head, KL_KIND_FIGURE_PUBLISH, &w);
	}
	if (!kl_policy_is_empty(&member->policy)) {
		kl_writer_reset(&w);
		kl_payload_policy_write(&w, &member->policy);
		say(made, &keys, &head, KL_KIND_POLICY, &w);
	}
	publish_lessons(made, &keys, &head, member);
	kl_writer_deinit(&w);
}

static void commit(struct made *made)
{
	if (kl_store_commit(made->store, made->batch, &made->fault))
		bail_out("the database", &made->fault);
	kl_batch_reset(made->batch);
}

/* ---- the home -------------------------------------------------------------------------------- */

static void open_home(struct made *made, const char *path)
{
	char data[PATH_MAX], ticket[KL_TICKET_TEXT_MAX + 1];
	struct kl_feed_head head;
	struct kl_feed_id feed;
	size_t len;

	if (kl_home_open(&made->home, path, &made->fault) ||
		kl_home_lock(&made->home, &made->fault) ||
		kl_home_read(&made->home, "ticket", (uint8_t *)ticket, sizeof ticket - 1, &len,
			&made->fault))
		bail_out(path, &made->fault);
	ticket[len] = '\0';
	feed = (struct kl_feed_id){made->home.identity.sign.public_key, 0};
	if (kl_ticket_parse(ticket, &made->ticket, &made->fault) ||
		kl_home_path(&made->home, "data", data) ||
		kl_store_open(data, NULL, &made->fault, &made->store) ||
		kl_feed_head(made->store, &feed, &head))
		bail_out(path, &made->fault);
	made->head = (struct kl_head){head.seq, head.id};
	made->batch = kl_batch_new();
}

int main(int argc, char **argv)
{
	static struct made made;
	static char line[LINE_MAX_BYTES];

	if (argc < 2) {
		fprintf(stderr, "made_up_members HOME [SEED] < members\n");
		return 64;
	}
	made.seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	open_home(&made, argv[1]);
	while (fgets(line, sizeof line, stdin)) {
		struct member member;

		read_member(&made, line, &member);
		publish(&made, &member);
		kl_profile_deinit(&member.profile);
		kl_policy_deinit(&member.policy);
		if (made.n % IN_A_COMMIT == 0)
			commit(&made);
	}
	commit(&made);
	kl_batch_destroy(made.batch);
	kl_store_close(made.store);
	kl_home_close(&made.home);
	printf("%llu\n", (unsigned long long)made.n);
	return 0;
}
