#include "protocol/payload_endpoints.h"
#include "protocol/payload_figure.h"
#include "protocol/roster.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <stdio.h>
#include <stdlib.h>

/* A convenor with its feed, and the roster that folds it. */
static struct kl_sign_keys keys;
static struct kl_roster roster;
static struct kl_head head;
static struct kl_author author;
static struct kl_fault fault;
static struct kl_network_create create;

static int say(uint32_t kind, struct kl_writer *w)
{
	struct kl_record_memory memory;
	struct kl_record record;
	struct kl_bytes payload;
	int rc;

	assert_int_equal(kl_writer_bytes(w, &payload), 0);
	assert_int_equal(kl_record_make(&author, &head, kind, 5, payload, &memory, &record), 0);
	head = (struct kl_head){record.h.seq, record.id};
	fault = (struct kl_fault){0};
	rc = kl_roster_apply(&roster, &record, &fault);
	kl_writer_deinit(w);
	return rc;
}

static int setup(void **state)
{
	uint8_t seed[KL_SEED_BYTES];
	struct kl_writer w;

	(void)state;
	memset(seed, 3, sizeof seed);
	kl_sign_keys_from_seed(seed, &keys);
	create = (struct kl_network_create){.name = "Demo"};
	memset(create.nonce, 9, sizeof create.nonce);
	memset(create.curve_key, 8, sizeof create.curve_key);
	kl_network_id(&keys.public_key, create.name, create.nonce, &create.network);
	author = (struct kl_author){create.network, {keys.public_key, 0}, &keys};
	head = (struct kl_head){0, {{0}}};
	kl_roster_init(&roster, &create.network, &keys.public_key);
	kl_writer_init(&w);
	kl_network_create_write(&w, &create);
	return say(KL_KIND_NETWORK_CREATE, &w);
}

static int teardown(void **state)
{
	(void)state;
	kl_roster_deinit(&roster);
	return 0;
}

static struct kl_admit member(uint8_t number, const char *name)
{
	struct kl_admit a = {.attributes = {.kind = KL_MEMBER_ANCHOR, .region = "london"}};

	memset(a.identity.b, number, KL_ID_BYTES);
	memset(a.curve_key, 100 + number, sizeof a.curve_key);
	(void)kl_copy_text(a.name, sizeof a.name, name);
	return a;
}

static int admit(const struct kl_admit *a)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_admit_write(&w, a);
	return say(KL_KIND_ADMIT, &w);
}

static int hand_over(const struct kl_next_convenor *next)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_next_convenor_write(&w, next);
	return say(KL_KIND_NEXT_CONVENOR, &w);
}

static int standing(uint32_t kind, uint8_t number, bool ends, uint64_t seq)
{
	struct kl_standing s = {.ends = ends, .end = {seq, {{1}}}, .reason = "because"};
	struct kl_writer w;

	memset(s.identity.b, number, KL_ID_BYTES);
	kl_writer_init(&w);
	kl_standing_write(&w, &s);
	return say(kind, &w);
}

static int say_charter_of(uint32_t minimum, const char *const *cohorts)
{
	struct kl_charter charter;
	struct kl_writer w;

	kl_charter_default(&charter);
	charter.minimum = minimum;
	charter.n_metrics = 2;
	(void)kl_copy_text(charter.metrics[0], KL_PAYLOAD_CODE_MAX, "lm3.score");
	(void)kl_copy_text(charter.metrics[1], KL_PAYLOAD_CODE_MAX, "practice.1");
	for (; cohorts && cohorts[charter.n_cohorts]; charter.n_cohorts++)
		assert_int_equal(kl_cohort_parse(kl_bytes_str(cohorts[charter.n_cohorts]),
					 &charter.cohorts[charter.n_cohorts]),
			0);
	kl_writer_init(&w);
	kl_charter_write(&w, &charter);
	return say(KL_KIND_CHARTER, &w);
}

static int say_charter(uint32_t minimum)
{
	return say_charter_of(minimum, NULL);
}

static void a_network_is_born_from_its_convenor(void **state)
{
	struct kl_id who;

	(void)state;
	assert_string_equal(roster.name, "Demo");
	assert_true(kl_id_equal(&roster.network, &create.network));
	assert_int_equal(roster.charter.minimum, 10);
	assert_true(kl_id_equal(&roster.hash, &head.id));
	assert_true(kl_roster_is_convenor(&roster, &keys.public_key));
	assert_true(kl_roster_admits(&roster, create.curve_key, &who));
	assert_true(kl_id_equal(&who, &keys.public_key));
	assert_int_equal(kl_roster_contributors(&roster), 0);
}

static void another_network_is_refused(void **state)
{
	struct kl_roster other;
	struct kl_id elsewhere = {{4}};
	struct kl_writer w;

	(void)state;
	kl_roster_init(&other, &elsewhere, &keys.public_key);
	kl_roster_deinit(&roster);
	roster = other;
	head = (struct kl_head){0, {{0}}};
	kl_writer_init(&w);
	kl_network_create_write(&w, &create);
	assert_int_equal(say(KL_KIND_NETWORK_CREATE, &w), KL_E_CONFLICT);
	assert_int_equal(say_charter(5), KL_E_INVALID);
	assert_non_null(strstr(fault.message, "not been created"));
	assert_true(kl_id_is_zero(&roster.hash));
}

static void members_are_admitted_with_what_was_confirmed(void **state)
{
	struct kl_admit a = member(1, "Anchor One"), b = member(2, "Anchor Two");
	const struct kl_roster_member *m;
	struct kl_id who;

	(void)state;
	assert_int_equal(admit(&b), 0);
	assert_int_equal(admit(&a), 0);
	assert_int_equal(roster.version, 3);
	m = kl_roster_find(&roster, &a.identity);
	assert_non_null(m);
	assert_string_equal(m->attributes.region, "london");
	assert_int_equal(m->since_seq, 3);
	assert_true(kl_roster_contributes(m));
	assert_true(kl_roster_admits(&roster, b.curve_key, &who));
	assert_true(kl_id_equal(&who, &b.identity));
	assert_int_equal(kl_roster_contributors(&roster), 2);
	/* admitted again: new facts */
	(void)kl_copy_text(a.attributes.region, KL_SLUG_MAX, "wales");
	assert_int_equal(admit(&a), 0);
	assert_string_equal(kl_roster_find(&roster, &a.identity)->attributes.region, "wales");
	assert_int_equal(roster.n_members, 2);
}

static void what_a_roster_refuses(void **state)
{
	struct kl_admit a = member(1, "Anchor One"), b = member(2, "Anchor One");
	struct kl_id hash;

	(void)state;
	assert_int_equal(admit(&a), 0);
	hash = roster.hash;
	assert_int_equal(admit(&b), KL_E_EXISTS); /* the same name */
	b = member(2, "Anchor Two");
	memcpy(b.curve_key, a.curve_key, 32);
	assert_int_equal(admit(&b), KL_E_EXISTS);
	b = member(2, "Anchor Two");
	b.attributes.kind = KL_MEMBER_CONVENOR;
	assert_int_equal(admit(&b), KL_E_INVALID);
	b = member(2, "Anchor Two");
	memcpy(b.curve_key, create.curve_key, 32);
	assert_int_equal(admit(&b), KL_E_EXISTS);
	b = member(0, "Nobody");
	assert_int_equal(admit(&b), KL_E_INVALID);
	assert_int_equal(say_charter(4), KL_E_RANGE);
	assert_int_equal(standing(KL_KIND_REMOVE, 77, false, 0), KL_E_NOT_FOUND);
	assert_int_equal(standing(KL_KIND_FORK_PROOF, 1, false, 0), KL_E_VERSION);
	assert_non_null(strstr(fault.message, "not understood"));
	assert_int_equal(standing(KL_KIND_RESET, 1, false, 0), KL_E_MALFORMED);
	/* nothing of it is in force, and the fold has gone on all the same */
	assert_true(kl_id_equal(&roster.hash, &hash));
	assert_int_equal(roster.seq, head.seq);
	assert_int_equal(roster.n_members, 1);
}

static void the_charter_decides(void **state)
{
	(void)state;
	assert_int_equal(say_charter(5), 0);
	assert_int_equal(roster.charter.minimum, 5);
	assert_int_equal(roster.charter.n_metrics, 2);
	assert_string_equal(roster.charter.metrics[1], "practice.1");
	assert_int_equal(roster.charter.n_cohorts, 0);
}

/* Whom benchmarks are about; a charter that says nothing of it is written as ever. */
static void the_charter_names_cohorts(void **state)
{
	static const char *const three[] = {"everybody", "councils", "region=Wales", NULL};
	static const char *const twice[] = {"everybody", "region=Wales", "region=Wales", NULL};
	struct kl_charter charter;
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	assert_int_equal(say_charter_of(5, three), 0);
	assert_int_equal(roster.charter.n_cohorts, 3);
	assert_int_equal(roster.charter.cohorts[2].kind, KL_COHORT_REGION);
	assert_string_equal(roster.charter.cohorts[2].value, "Wales");
	assert_int_equal(say_charter_of(5, twice), KL_E_INVALID);
	assert_string_equal(fault.message, "cohort region=Wales stands twice in the charter");
	assert_int_equal(say_charter_of(5, NULL), 0);
	assert_int_equal(roster.charter.n_cohorts, 0);
	kl_charter_default(&charter);
	kl_writer_init(&w);
	kl_charter_write(&w, &charter);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(bytes.data[0], 0x84); /* a map of four */
	kl_writer_deinit(&w);
}

static void members_leave(void **state)
{
	struct kl_admit a = member(1, "One"), b = member(2, "Two");
	const struct kl_roster_member *m;
	struct kl_id who;

	(void)state;
	assert_int_equal(admit(&a), 0);
	assert_int_equal(admit(&b), 0);
	assert_int_equal(standing(KL_KIND_SUSPEND, 1, true, 3), KL_E_INVALID);
	assert_int_equal(standing(KL_KIND_SUSPEND, 1, false, 0), 0);
	assert_false(kl_roster_admits(&roster, a.curve_key, &who));
	assert_int_equal(kl_roster_contributors(&roster), 1);
	assert_int_equal(admit(&a), 0); /* lifted */
	assert_int_equal(kl_roster_contributors(&roster), 2);

	assert_int_equal(standing(KL_KIND_RETIRE, 2, true, 12), 0);
	m = kl_roster_find(&roster, &b.identity);
	assert_int_equal(m->state, KL_MEMBER_RETIRED);
	assert_true(m->ended && m->end.seq == 12);
	assert_int_equal(standing(KL_KIND_RETIRE, 2, true, 15), KL_E_INVALID);
	assert_int_equal(standing(KL_KIND_REMOVE, 2, true, 15), 0);
	assert_int_equal(kl_roster_find(&roster, &b.identity)->end.seq, 12);
	assert_int_equal(admit(&b), KL_E_EXISTS);
}

static int reset_of(const struct kl_id *identity, uint32_t epoch, uint64_t seq)
{
	struct kl_reset r = {
		.identity = *identity, .epoch = epoch, .end = {seq, {{7}}}, .reason = "a fork"};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_reset_write(&w, &r);
	return say(KL_KIND_RESET, &w);
}

static int reset(uint8_t number, uint32_t epoch, uint64_t seq)
{
	struct kl_id identity;

	memset(identity.b, number, KL_ID_BYTES);
	return reset_of(&identity, epoch, seq);
}

static void a_feed_goes_on_in_its_next_epoch(void **state)
{
	struct kl_admit a = member(1, "One"), b = member(2, "Two");
	struct kl_feed_key first = {a.identity, 0}, second = {a.identity, 1};
	struct kl_roster copy;
	struct kl_head end;

	(void)state;
	assert_int_equal(admit(&a), 0);
	assert_int_equal(admit(&b), 0);
	assert_false(kl_roster_ends(&roster, &first, &end));
	assert_int_equal(reset(1, 0, 5), KL_E_INVALID);
	assert_int_equal(reset(1, 2, 5), KL_E_INVALID); /* only the next */
	assert_int_equal(reset(3, 1, 5), KL_E_NOT_FOUND);
	assert_int_equal(reset(1, 1, 5), 0);
	assert_int_equal(kl_roster_find(&roster, &a.identity)->epoch, 1);
	assert_true(kl_roster_ends(&roster, &first, &end));
	assert_int_equal(end.seq, 5);
	assert_false(kl_roster_ends(&roster, &second, &end));
	assert_int_equal(reset(1, 2, 9), 0);
	assert_true(kl_roster_ends(&roster, &second, &end));
	assert_int_equal(end.seq, 9);
	assert_int_equal(kl_roster_copy(&roster, &copy), 0);
	assert_true(kl_roster_ends(&copy, &first, &end));
	assert_int_equal(end.seq, 5);
	kl_roster_deinit(&copy);
	/* who leaves then leaves in that epoch, and comes back in none */
	assert_int_equal(standing(KL_KIND_RETIRE, 1, true, 3), 0);
	second.epoch = 2;
	assert_true(kl_roster_ends(&roster, &second, &end));
	assert_int_equal(end.seq, 3);
	assert_int_equal(reset(1, 3, 3), KL_E_INVALID);
	/* the convenor's own feed carries all this */
	a = member(4, "Convenor Trust");
	a.identity = keys.public_key;
	memcpy(a.curve_key, create.curve_key, 32);
	assert_int_equal(admit(&a), 0);
	assert_int_equal(reset_of(&keys.public_key, 1, 3), KL_E_DENIED);
}

static void the_convenor_erases_records(void **state)
{
	struct kl_record record = {.h = {.kind = KL_KIND_LESSON}};
	struct kl_roster copy;
	struct kl_writer w;

	(void)state;
	for (uint8_t i = 200; i > 0; i--) {
		struct kl_erase e = {.feed = {{{1}}, 0}, .record = {i, {{i, 5}}}};

		kl_writer_init(&w);
		kl_erase_write(&w, &e);
		assert_int_equal(say(KL_KIND_ERASE, &w), 0);
		kl_writer_init(&w);
		kl_erase_write(&w, &e);
		assert_int_equal(say(KL_KIND_ERASE, &w), KL_E_EXISTS);
	}
	assert_int_equal(kl_roster_copy(&roster, &copy), 0);
	for (uint8_t i = 0; i < 250; i++) {
		record.id = (struct kl_id){{i, 5}};
		assert_int_equal(kl_roster_erases(&roster, &record), i >= 1 && i <= 200);
		assert_int_equal(kl_roster_erases(&copy, &record), i >= 1 && i <= 200);
	}
	record.id.b[0] = 7;
	record.h.kind = KL_KIND_TALLY_SHARE; /* whatever the convenor says */
	assert_false(kl_roster_erases(&roster, &record));
	kl_roster_deinit(&copy);
}

/* The successor's feed, in which the roster goes on. */
static void the_roster_goes_on_in_another_feed(void **state)
{
	struct kl_admit a = member(1, "One"), b = member(2, "Two"), c = member(3, "Three");
	struct kl_next_convenor next = {.head = {4, {{6}}}};
	struct kl_feed_key old = author.feed;
	struct kl_sign_keys others;
	struct kl_record record = {.h = {.epoch = 0}};
	struct kl_head end;
	struct kl_id who;

	(void)state;
	kl_sign_keys_from_seed((const uint8_t *)"the keys of whoever is next, ...", &others);
	a.identity = others.public_key;
	assert_int_equal(admit(&a), 0);
	assert_int_equal(admit(&b), 0);
	next.feed.author = c.identity;
	assert_int_equal(hand_over(&next), KL_E_NOT_FOUND);
	next.feed.author = a.identity;
	assert_int_equal(hand_over(&next), KL_E_INVALID); /* another CURVE key */
	memcpy(next.curve_key, a.curve_key, 32);
	next.feed.epoch = 1;
	assert_int_equal(hand_over(&next), KL_E_INVALID);
	next.feed.epoch = 0;
	assert_int_equal(hand_over(&next), 0);
	assert_true(kl_roster_is_convenor(&roster, &a.identity));
	assert_true(kl_roster_ends(&roster, &old, &end)); /* it is no member */
	assert_true(end.seq == head.seq && kl_id_equal(&end.id, &head.id));
	assert_true(kl_roster_stood_in(&roster, &old) && kl_roster_stood_in(&roster, &next.feed));
	assert_false(kl_roster_admits(&roster, create.curve_key, &who));
	assert_int_equal(admit(&c), KL_E_BUG); /* the old convenor's word counts no more */
	record.h.author = a.identity;
	record.h.seq = 4;
	assert_false(kl_roster_awaits(&roster, &record)); /* nor what stood there before */
	author = (struct kl_author){create.network, next.feed, &others};
	head = next.head;
	assert_int_equal(admit(&c), 0);
	assert_int_equal(roster.n_members, 3);
	assert_int_equal(kl_roster_find(&roster, &c.identity)->since_seq, 5);
	/* neither of them comes back */
	memset(&c, 0, sizeof c);
	c = member(4, "The First");
	c.identity = keys.public_key;
	assert_int_equal(admit(&c), KL_E_EXISTS);
	assert_int_equal(hand_over(&next), KL_E_EXISTS);
	next.feed.author = b.identity;
	memcpy(next.curve_key, b.curve_key, 32);
	assert_int_equal(hand_over(&next), 0);
	author.feed.author = b.identity;
	head = next.head;
	next.feed.author = a.identity;
	memcpy(next.curve_key, a.curve_key, 32);
	assert_int_equal(hand_over(&next), KL_E_INVALID);
	old = (struct kl_feed_key){a.identity, 0};
	assert_false(kl_roster_ends(&roster, &old, &end)); /* this one goes on as a member */
}

static void a_convenor_that_is_an_anchor_contributes(void **state)
{
	struct kl_admit self = member(1, "Convenor Trust");

	(void)state;
	self.identity = keys.public_key;
	assert_int_equal(admit(&self), KL_E_EXISTS); /* not with another CURVE key */
	memcpy(self.curve_key, create.curve_key, 32);
	assert_int_equal(admit(&self), 0);
	assert_int_equal(kl_roster_contributors(&roster), 1);
}

static void a_frozen_roster_is_a_copy(void **state)
{
	struct kl_admit a = member(1, "One"), b = member(2, "Two");
	struct kl_roster frozen;
	struct kl_writer w;

	(void)state;
	assert_int_equal(admit(&a), 0);
	assert_int_equal(kl_roster_copy(&roster, &frozen), 0);
	assert_int_equal(admit(&b), 0);
	assert_int_equal(frozen.n_members, 1);
	assert_false(kl_id_equal(&frozen.hash, &roster.hash));
	kl_roster_deinit(&frozen);

	/* what else the convenor says does not touch the roster */
	frozen.hash = roster.hash;
	kl_writer_init(&w);
	kl_write_nil(&w);
	assert_int_equal(say(KL_KIND_LESSON, &w), 0);
	assert_true(kl_id_equal(&frozen.hash, &roster.hash));
	assert_int_equal(roster.seq, head.seq);
}

/* Publishes what the convenor adopts under that code; version 0 ends it. */
static int adopt(const char *slug, uint32_t version, struct kl_id *ret_id)
{
	struct kl_definition d = {.how = "Count them.",
		.version = version,
		.part_count = 1,
		.parts = {{"", "plates", KL_UNIT_COUNT, KL_HIGHER_BETTER}}};
	struct kl_adopt adopted = {.author = {{7}}, .ends = !version};
	struct kl_writer payload, w;
	int rc;

	(void)kl_copy_text(d.slug, sizeof d.slug, slug);
	(void)kl_copy_text(d.name, sizeof d.name, slug);
	(void)kl_copy_text(adopted.code, sizeof adopted.code, slug);
	kl_writer_init(&payload);
	kl_payload_definition_write(&payload, &d);
	assert_int_equal(kl_writer_bytes(&payload, &adopted.definition), 0);
	kl_definition_id(&adopted.author, adopted.definition, ret_id);
	kl_writer_init(&w);
	kl_adopt_write(&w, &adopted);
	rc = say(KL_KIND_ADOPT, &w);
	kl_writer_deinit(&payload);
	return rc;
}

static void adoptions_leave_the_state_of_the_roster(void **state)
{
	struct kl_id who = {{7}}, first, second, other;
	struct kl_id hash = roster.hash;
	uint64_t version = roster.version;
	struct kl_roster copy;

	(void)state;
	assert_int_equal(adopt("meals", 1, &first), 0);
	assert_int_equal(adopt("walks", 1, &other), 0);
	assert_int_equal(roster.n_adopted, 2);
	assert_true(kl_id_equal(&kl_roster_adopted(&roster, &who, "meals")->definition, &first));
	assert_int_equal(kl_roster_copy(&roster, &copy), 0);
	assert_int_equal(adopt("meals", 2, &second), 0); /* in the place of version 1 */
	assert_int_equal(roster.n_adopted, 2);
	assert_true(kl_id_equal(&kl_roster_adopted(&roster, &who, "meals")->definition, &second));
	assert_true(kl_id_equal(&kl_roster_adopted(&copy, &who, "meals")->definition, &first));
	assert_int_equal(adopt("meals", 0, &second), 0);
	assert_null(kl_roster_adopted(&roster, &who, "meals"));
	assert_non_null(kl_roster_adopted(&roster, &who, "walks"));
	assert_int_equal(adopt("meals", 0, &second), KL_E_NOT_FOUND);
	assert_int_equal(copy.n_adopted, 2);
	kl_roster_deinit(&copy);

	/* tallies are frozen on the same roster as by versions that know no adoptions */
	assert_int_equal(roster.version, version);
	assert_true(kl_id_equal(&roster.hash, &hash));
	assert_int_equal(roster.seq, head.seq);
	assert_false(kl_kind_is_roster(KL_KIND_ADOPT));
}

static void a_network_adopts_so_many(void **state)
{
	struct kl_id id;
	char slug[KL_DEFINITION_SLUG_MAX];

	(void)state;
	for (int i = 0; i < KL_ROSTER_ADOPTED_MAX; i++) {
		(void)snprintf(slug, sizeof slug, "d%d", i);
		assert_int_equal(adopt(slug, 1, &id), 0);
	}
	assert_int_equal(adopt("one_more", 1, &id), KL_E_TOO_BIG);
	assert_int_equal(adopt("d3", 2, &id), 0);
	assert_int_equal(roster.n_adopted, KL_ROSTER_ADOPTED_MAX);
}

static void only_the_next_record_is_folded(void **state)
{
	struct kl_record_memory memory;
	struct kl_record record;

	(void)state;
	head.seq++;
	assert_int_equal(kl_record_make(&author, &head, KL_KIND_LESSON, 5, kl_bytes("", 0), &memory,
				 &record),
		0);
	assert_int_equal(kl_roster_apply(&roster, &record, &fault), KL_E_BUG);
}

static void payloads_are_strict(void **state)
{
	struct kl_admit a = member(1, "One"), got;
	struct kl_writer w;
	struct kl_bytes bytes;
	uint8_t *out;

	(void)state;
	kl_writer_init(&w);
	kl_admit_write(&w, &a);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_admit_read(bytes, &got, NULL), 0);
	out = malloc(bytes.len + 3);
	for (uint32_t seed = 0; seed < 3000; seed++) {
		size_t n = mutate(seed, bytes.data, bytes.len, out);
		struct kl_writer again;
		struct kl_bytes second;

		if (kl_admit_read(kl_bytes(out, n), &got, NULL))
			continue;
		kl_writer_init(&again);
		kl_admit_write(&again, &got);
		assert_int_equal(kl_writer_bytes(&again, &second), 0);
		assert_true(kl_bytes_equal(second, kl_bytes(out, n)));
		kl_writer_deinit(&again);
	}
	/* one more pair in the map */
	memcpy(out, bytes.data, bytes.len);
	out[0]++;
	memcpy(out + bytes.len, "\xa1z\x01", 3);
	assert_int_equal(kl_admit_read(kl_bytes(out, bytes.len + 3), &got, NULL), KL_E_MALFORMED);
	free(out);
	kl_writer_deinit(&w);
}

static void figures_travel(void **state)
{
	struct kl_figure f = {.metric = "enabled.gva_per_fte", .value = -5, .method = "estimated"},
			 got;
	struct kl_figure_withdrawal back = {.metric = "practice.1"}, back_got;
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	assert_int_equal(kl_period_parse("2016/17", &f.period), 0);
	back.period = f.period;
	kl_writer_init(&w);
	kl_payload_figure_write(&w, &f);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_figure_read(bytes, &got, NULL), 0);
	assert_string_equal(got.metric, f.metric);
	assert_true(kl_period_equal(got.period, f.period));
	assert_int_equal(got.value, -5);
	assert_string_equal(got.method, "estimated");
	assert_string_equal(got.source, "");
	for (size_t i = 0; i < bytes.len; i++)
		assert_true(kl_payload_figure_read(kl_bytes(bytes.data, i), &got, NULL) < 0);
	kl_writer_reset(&w);
	kl_payload_withdrawal_write(&w, &back);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_withdrawal_read(bytes, &back_got, NULL), 0);
	assert_string_equal(back_got.metric, "practice.1");
	kl_writer_deinit(&w);
	assert_true(kl_metric_code_is_valid("lm3.local_payroll_share"));
	assert_false(kl_metric_code_is_valid("lm3."));
	assert_false(kl_metric_code_is_valid(".lm3"));
	assert_false(kl_metric_code_is_valid("LM3.score"));
	assert_false(kl_metric_code_is_valid(""));
}

static void endpoints_travel(void **state)
{
	struct kl_endpoints e = {.n = 2,
				    .items = {{"tcp://a.example:7700", {1}},
					    {"tcp://[::1]:7701", {2}}}},
			    got;
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	kl_writer_init(&w);
	kl_payload_endpoints_write(&w, &e);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_endpoints_read(bytes, &got, NULL), 0);
	assert_int_equal(got.n, 2);
	assert_string_equal(got.items[1].address, "tcp://[::1]:7701");
	kl_writer_reset(&w);
	e.n = 0;
	kl_payload_endpoints_write(&w, &e);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_endpoints_read(bytes, &got, NULL), 0);
	assert_int_equal(got.n, 0);
	kl_writer_reset(&w);
	(void)kl_copy_text(e.items[0].address, KL_ENDPOINT_MAX, "ipc:///tmp/x");
	e.n = 1;
	kl_payload_endpoints_write(&w, &e);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_endpoints_read(bytes, &got, NULL), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

/* Who offers no seat says so behind the endpoints; anything else there is refused. */
static void a_seat_is_refused(void **state)
{
	struct kl_endpoints e = {.n = 1, .items = {{"tcp://a.example:7700", {1}}}, .no_seat = true},
			    got = {0};
	static const uint8_t yes[] = {0x91, 0xc3}, twice[] = {0x92, 0xc2, 0xc2};
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	kl_writer_init(&w);
	for (e.n = 0; e.n <= 1; e.n++) {
		kl_payload_endpoints_write(&w, &e);
		assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
		assert_int_equal(kl_payload_endpoints_read(bytes, &got, NULL), 0);
		assert_int_equal(got.n, e.n);
		assert_true(got.no_seat);
		kl_writer_reset(&w);
	}
	assert_int_equal(
		kl_payload_endpoints_read(kl_bytes(yes, sizeof yes), &got, NULL), KL_E_MALFORMED);
	assert_int_equal(kl_payload_endpoints_read(kl_bytes(twice, sizeof twice), &got, NULL),
		KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

#define ROSTER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROSTER(a_network_is_born_from_its_convenor),
		ROSTER(another_network_is_refused),
		ROSTER(members_are_admitted_with_what_was_confirmed),
		ROSTER(what_a_roster_refuses),
		ROSTER(the_charter_decides),
		ROSTER(the_charter_names_cohorts),
		ROSTER(members_leave),
		ROSTER(a_feed_goes_on_in_its_next_epoch),
		ROSTER(the_convenor_erases_records),
		ROSTER(the_roster_goes_on_in_another_feed),
		ROSTER(a_convenor_that_is_an_anchor_contributes),
		ROSTER(a_frozen_roster_is_a_copy),
		ROSTER(adoptions_leave_the_state_of_the_roster),
		ROSTER(a_network_adopts_so_many),
		ROSTER(only_the_next_record_is_folded),
		cmocka_unit_test(payloads_are_strict),
		cmocka_unit_test(figures_travel),
		cmocka_unit_test(endpoints_travel),
		cmocka_unit_test(a_seat_is_refused),
	};

	return RUN(tests);
}
