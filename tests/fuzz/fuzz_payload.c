/* Payloads of the roster and of what members publish, and the roster's fold over them. */
#include "core/error.h"
#include "protocol/payload_endpoints.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_figure.h"
#include "protocol/payload_post.h"
#include "protocol/payload_policy.h"
#include "protocol/payload_profile.h"
#include "protocol/payload_roster.h"
#include "protocol/roster.h"
#include "tests/fuzz/codec.h"
#include "tests/fuzz/feeds.h"

#include <stdlib.h>
#include <string.h>

/* What is refused is told in words that can be shown. */
static int told(int rc, const struct kl_fault *fault)
{
	if (rc) {
		FUZZ_CHECK(rc < 0 && fault->code == rc && fault->message[0]);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault->message), true));
	}
	return rc;
}

#define READ(read) (fault = (struct kl_fault){0}, told(read, &fault))

static void fine(int rc)
{
	FUZZ_CHECK(rc == 0);
}

static struct kl_fault fault;

/* ---- samples ------------------------------------------------------------------------------- */

static void fill_create(struct kl_network_create *x)
{
	*x = (struct kl_network_create){.name = "Keep it local", .nonce = {1}, .curve_key = {2}};
	kl_network_id(&feed_of(FEED_A)->key.author, x->name, x->nonce, &x->network);
}

static void fill_charter(struct kl_charter *x)
{
	kl_charter_default(x);
	x->minimum = 5;
	x->n_metrics = 2;
	strcpy(x->metrics[0], "enabled.fte");
	strcpy(x->metrics[1], "lm3.score");
}

static void fill_admit(struct kl_admit *x, uint8_t number)
{
	*x = (struct kl_admit){.identity = {{number}}, .curve_key = {number, 1}, .name = "Member"};
	x->name[6] = (char)('A' + number % 26);
	x->attributes.kind = number % 2 ? KL_MEMBER_COUNCIL : KL_MEMBER_ANCHOR;
	strcpy(x->attributes.gss, "E08000032");
	x->attributes.deprivation_quintile = (uint8_t)(number % 6);
	FUZZ_CHECK(!kl_attributes_set(&x->attributes, "region", "london", NULL));
}

static void fill_standing(struct kl_standing *x, uint8_t number, bool ends)
{
	*x = (struct kl_standing){.identity = {{number}}, .ends = ends};
	strcpy(x->reason, "left the network");
	if (ends)
		x->end = (struct kl_head){3, {{9}}};
}

static void fill_profile(struct kl_profile *x)
{
	static const char *const said[] = {"name=Bradford", "kind=council", "gss=E08000032",
		"region=yorkshire_and_the_humber", "neighbourhoods=Manningham; Heaton",
		"population=534300", "services=housing; parks", "web=https://example.org/",
		"org_id=GB-CHC-1036460", "staff=12.5"};

	kl_profile_init(x);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		FUZZ_CHECK(!kl_profile_assign(x, said[i], &fault));
}

#define SAMPLES(name, ...)                                                                         \
	void kl_fuzz_samples_##name(struct fuzz_corpus *corpus)                                    \
	{                                                                                          \
		struct kl_writer writer, *w = &writer;                                             \
                                                                                                   \
		kl_writer_init(w);                                                                 \
		__VA_ARGS__                                                                        \
		kl_writer_deinit(w);                                                               \
	}

/* ---- roster payloads ----------------------------------------------------------------------- */

SAMPLES(network_create, {
	struct kl_network_create x;

	fill_create(&x);
	kl_network_create_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_CANONICAL(network_create, struct kl_network_create,
	READ(kl_network_create_read(bytes, &x, &fault)), kl_network_create_write(w, &x), (void)0)

SAMPLES(charter, {
	struct kl_charter x;

	fill_charter(&x);
	kl_charter_write(w, &x);
	fuzz_sample_written(corpus, w);
	kl_charter_default(&x);
	kl_charter_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_CANONICAL(charter, struct kl_charter, READ(kl_charter_read(bytes, &x, &fault)),
	kl_charter_write(w, &x), FUZZ_CHECK(!kl_charter_check(&x, NULL)))

SAMPLES(admit, {
	struct kl_admit x;

	for (uint8_t i = 1; i < 4; i++) {
		fill_admit(&x, i);
		kl_admit_write(w, &x);
		fuzz_sample_written(corpus, w);
	}
})
FUZZ_CANONICAL(admit, struct kl_admit, READ(kl_admit_read(bytes, &x, &fault)),
	kl_admit_write(w, &x), FUZZ_CHECK(!kl_attributes_check(&x.attributes, NULL)))

SAMPLES(standing, {
	struct kl_standing x;

	for (uint8_t i = 0; i < 2; i++) {
		fill_standing(&x, i, i);
		kl_standing_write(w, &x);
		fuzz_sample_written(corpus, w);
	}
})
FUZZ_CANONICAL(standing, struct kl_standing, READ(kl_standing_read(bytes, &x, &fault)),
	kl_standing_write(w, &x), (void)0)

SAMPLES(reset, {
	struct kl_reset x = {.identity = {{2}}, .epoch = 1, .end = {3, {{9}}}};

	kl_reset_write(w, &x);
	fuzz_sample_written(corpus, w);
	strcpy(x.reason, "an old copy was put back");
	x.end = (struct kl_head){0, {{0}}};
	kl_reset_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_CANONICAL(reset, struct kl_reset, READ(kl_reset_read(bytes, &x, &fault)),
	kl_reset_write(w, &x), (void)0)

SAMPLES(next_convenor, {
	struct kl_next_convenor x = {.feed = {{{2}}, 0}, .curve_key = {2, 1}, .head = {3, {{9}}}};

	kl_next_convenor_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_CANONICAL(next_convenor, struct kl_next_convenor,
	READ(kl_next_convenor_read(bytes, &x, &fault)), kl_next_convenor_write(w, &x), (void)0)

SAMPLES(erase, {
	struct kl_erase x = {.feed = {{{2}}, 1}, .record = {3, {{9}}}, .reason = "a name"};

	kl_erase_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_CANONICAL(erase, struct kl_erase, READ(kl_erase_read(bytes, &x, &fault)),
	kl_erase_write(w, &x), (void)0)

/* ---- what members publish ------------------------------------------------------------------ */

SAMPLES(profile, {
	struct kl_profile x;

	fill_profile(&x);
	kl_payload_profile_write(w, &x);
	fuzz_sample_written(corpus, w);
	kl_profile_deinit(&x);
})
FUZZ_STABLE(profile, struct kl_profile, READ(kl_payload_profile_read(bytes, &x, &fault)),
	(kl_payload_profile_write(w, &x), fine(kl_profile_check(&x, NULL))), kl_profile_deinit(&x))

SAMPLES(policy, {
	static const char *const said[] = {"status=adopted", "forms=policy; champion",
		"applied=above figure", "applied_above=50000", "weight_percent=20",
		"date=2016-03-31", "measures=Local jobs; Hours", "reported=no",
		"routes=grants; alliance"};
	struct kl_policy x;

	kl_policy_init(&x);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		FUZZ_CHECK(!kl_policy_assign(&x, said[i], &fault));
		kl_payload_policy_write(w, &x);
		fuzz_sample_written(corpus, w);
	}
	kl_policy_deinit(&x);
})
FUZZ_STABLE(policy, struct kl_policy, READ(kl_payload_policy_read(bytes, &x, &fault)),
	(kl_payload_policy_write(w, &x), fine(kl_policy_check(&x, NULL))), kl_policy_deinit(&x))

SAMPLES(endpoints, {
	struct kl_endpoints x = {.n = 0};

	kl_payload_endpoints_write(w, &x);
	fuzz_sample_written(corpus, w);
	x.n = 2;
	strcpy(x.items[0].address, "tcp://hub.example:7700");
	strcpy(x.items[1].address, "tcp://[::1]:7700");
	kl_payload_endpoints_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(endpoints, struct kl_endpoints, READ(kl_payload_endpoints_read(bytes, &x, &fault)),
	kl_payload_endpoints_write(w, &x), (void)0)

SAMPLES(figure, {
	struct kl_figure x = {.metric = "enabled.fte", .period = {KL_PERIOD_YEAR, 2016, 0}};

	x.value = -12345;
	kl_payload_figure_write(w, &x);
	fuzz_sample_written(corpus, w);
	strcpy(x.method, "primary");
	strcpy(x.confidence, "high");
	strcpy(x.source, "annual report");
	kl_payload_figure_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(figure, struct kl_figure, READ(kl_payload_figure_read(bytes, &x, &fault)),
	kl_payload_figure_write(w, &x), FUZZ_CHECK(kl_metric_code_is_valid(x.metric)))

SAMPLES(figure_withdrawal, {
	struct kl_figure_withdrawal x = {.metric = "lm3.score"};

	x.period = (struct kl_period){KL_PERIOD_FINANCIAL, 2016, 0};
	kl_payload_withdrawal_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(figure_withdrawal, struct kl_figure_withdrawal,
	READ(kl_payload_withdrawal_read(bytes, &x, &fault)), kl_payload_withdrawal_write(w, &x),
	FUZZ_CHECK(kl_metric_code_is_valid(x.metric)))

static void fill_post(struct kl_post *x, enum kl_post_kind kind)
{
	static const char *const said[][2] = {{"title", "A hall of one's own"},
		{"text", "First line.\nSecond."}, {"place", "E06000051"}, {"period", "2016/17"},
		{"characteristics", "local assets; services"}, {"routes", "asset transfer"},
		{"outcome", "worked"}, {"services", "cinema"}, {"links", "https://hall.example/"}};

	kl_post_init(x, kind);
	x->about.b[0] = kind == KL_ANSWER;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		FUZZ_CHECK(!kl_post_set(x, said[i][0], said[i][1], &fault));
}

SAMPLES(post, {
	struct kl_post x;

	fill_post(&x, KL_LESSON);
	kl_payload_post_write(w, &x);
	fuzz_sample_written(corpus, w);
	kl_post_deinit(&x);
})
FUZZ_STABLE(post, struct kl_post, READ(kl_payload_post_read(bytes, KL_LESSON, &x, &fault)),
	(kl_payload_post_write(w, &x), fine(kl_post_check(&x, NULL))), kl_post_deinit(&x))

/* What a correction names, and the answer inside. */
struct corrected {
	struct kl_id record;
	struct kl_post post;
};

static int read_corrected(struct kl_bytes bytes, struct corrected *x)
{
	struct kl_bytes payload;
	int rc = kl_payload_correction_read(bytes, &x->record, &payload, &fault);

	return rc ? rc : kl_payload_post_read(payload, KL_ANSWER, &x->post, &fault);
}

SAMPLES(correction, {
	struct corrected x = {.record = {{7}}};

	fill_post(&x.post, KL_ANSWER);
	kl_payload_correction_write(w, &x.record, &x.post);
	fuzz_sample_written(corpus, w);
	kl_post_deinit(&x.post);
})
FUZZ_STABLE(correction, struct corrected, READ(read_corrected(bytes, &x)),
	kl_payload_correction_write(w, &x.record, &x.post), kl_post_deinit(&x.post))

static void fill_definition(struct kl_definition *x, uint32_t version)
{
	*x = (struct kl_definition){.slug = "meals",
		.name = "Meals shared",
		.how = "Count the plates.",
		.version = version,
		.part_count = 1,
		.parts = {{"", "plates", KL_UNIT_COUNT, KL_HIGHER_BETTER}}};
}

SAMPLES(definition, {
	struct kl_definition x;

	fill_definition(&x, 1);
	kl_payload_definition_write(w, &x);
	fuzz_sample_written(corpus, w);
	x.part_count = 2;
	x.parts[1] = x.parts[0];
	strcpy(x.parts[0].code, "plates");
	strcpy(x.parts[1].code, "people");
	x.parts[1].polarity = KL_NEITHER_BETTER;
	kl_payload_definition_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(definition, struct kl_definition, READ(kl_payload_definition_read(bytes, &x, &fault)),
	kl_payload_definition_write(w, &x), fine(kl_definition_check(&x, NULL)))

SAMPLES(taken_back, {
	struct kl_id x = {{9}};

	kl_payload_taken_back_write(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(taken_back, struct kl_id, READ(kl_payload_taken_back_read(bytes, &x, &fault)),
	kl_payload_taken_back_write(w, &x), (void)0)

/* The payload of what is adopted lives in `payload`. */
static void fill_adopt(struct kl_adopt *x, struct kl_writer *payload, uint32_t version)
{
	struct kl_definition definition;

	fill_definition(&definition, version);
	*x = (struct kl_adopt){.author = {{7}}, .code = "meals"};
	kl_payload_definition_write(payload, &definition);
	fine(kl_writer_bytes(payload, &x->definition));
}

SAMPLES(adopt, {
	struct kl_adopt x;
	struct kl_writer payload;

	kl_writer_init(&payload);
	fill_adopt(&x, &payload, 1);
	kl_adopt_write(w, &x);
	fuzz_sample_written(corpus, w);
	x.ends = true;
	kl_adopt_write(w, &x);
	fuzz_sample_written(corpus, w);
	kl_writer_deinit(&payload);
})
FUZZ_CANONICAL(adopt, struct kl_adopt, READ(kl_adopt_read(bytes, &x, &fault)),
	kl_adopt_write(w, &x), (void)0)

/* ---- what people type into a profile ------------------------------------------------------- */

void kl_fuzz_samples_profile_field(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "name=Bradford");
	fuzz_sample_text(corpus, "Kind=Council");
	fuzz_sample_text(corpus, "neighbourhoods=Manningham; Heaton;");
	fuzz_sample_text(corpus, "staff=12.5");
	fuzz_sample_text(corpus, "region=North West");
	fuzz_sample_text(corpus, "life_expectancy_women=81.5");
	fuzz_sample_text(corpus, "web=https://example.org/");
	fuzz_seed_text(corpus, "postcode=BD1");
}

int kl_fuzz_profile_field(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), shown[KL_PROFILE_TEXT_MAX];
	const char *name, *label;
	struct kl_profile profile;
	int rc;

	kl_profile_init(&profile);
	rc = READ(kl_profile_assign(&profile, text, &fault));
	for (size_t i = 0; kl_profile_field(&profile, i, &name, &label, shown, sizeof shown); i++)
		FUZZ_CHECK(name[0] && label[0] && memchr(shown, 0, sizeof shown));
	kl_profile_deinit(&profile);
	free(text);
	return rc == 0;
}

/* ---- the fold ------------------------------------------------------------------------------ */

/* A script of [kind, argument, length, payload]: records of the convenor's feed, folded one after
 * the other. The chain is not the fold's business, so ids are drawn from the place. */
static const uint8_t fold_kinds[] = {KL_KIND_NETWORK_CREATE, KL_KIND_CHARTER, KL_KIND_ADMIT,
	KL_KIND_RETIRE, KL_KIND_SUSPEND, KL_KIND_REMOVE, KL_KIND_RESET, KL_KIND_ERASE,
	KL_KIND_NEXT_CONVENOR, KL_KIND_PROFILE, KL_KIND_FIGURE_PUBLISH, KL_KIND_ADOPT};

static void script(struct kl_writer *script, uint8_t kind, struct kl_writer *payload)
{
	struct kl_bytes bytes;
	uint8_t index = 0;

	while (fold_kinds[index] != kind)
		index++;
	FUZZ_CHECK(!kl_writer_bytes(payload, &bytes));
	fuzz_step(script, index, 0, bytes);
	kl_writer_reset(payload);
}

SAMPLES(roster, {
	struct kl_network_create create;
	struct kl_charter charter;
	struct kl_standing standing;
	struct kl_writer p;
	struct kl_admit admit;
	struct kl_adopt adopt;

	kl_writer_init(&p);
	fill_create(&create);
	kl_network_create_write(&p, &create);
	script(w, KL_KIND_NETWORK_CREATE, &p);
	fill_charter(&charter);
	kl_charter_write(&p, &charter);
	script(w, KL_KIND_CHARTER, &p);
	for (uint8_t i = 1; i < 8; i++) {
		fill_admit(&admit, i);
		kl_admit_write(&p, &admit);
		script(w, KL_KIND_ADMIT, &p);
	}
	for (uint8_t i = 0; i < 3; i++) {
		fill_standing(&standing, (uint8_t)(i + 2), i != 1);
		kl_standing_write(&p, &standing);
		script(w, (uint8_t)(KL_KIND_RETIRE + i), &p);
	}
	for (uint32_t i = 1; i < 4; i++) {
		struct kl_reset reset = {.identity = {{7}}, .epoch = i, .end = {i, {{8}}}};

		kl_reset_write(&p, &reset);
		script(w, KL_KIND_RESET, &p);
	}
	for (uint8_t i = 5; i < 7; i++) {
		struct kl_next_convenor next = {
			.feed = {{{i}}, 0}, .curve_key = {i, 1}, .head = {i, {{8}}}};

		kl_next_convenor_write(&p, &next);
		script(w, KL_KIND_NEXT_CONVENOR, &p);
	}
	for (uint8_t i = 1; i < 4; i++) {
		struct kl_erase erase = {.feed = {{{7}}, 0}, .record = {i, {{i % 2}}}};

		kl_erase_write(&p, &erase);
		script(w, KL_KIND_ERASE, &p);
	}
	for (uint32_t i = 1; i < 4; i++) {
		struct kl_writer payload;

		kl_writer_init(&payload);
		fill_adopt(&adopt, &payload, i);
		adopt.ends = i == 3;
		kl_adopt_write(&p, &adopt);
		script(w, KL_KIND_ADOPT, &p);
		kl_writer_deinit(&payload);
	}
	kl_writer_deinit(&p);
	fuzz_sample_written(corpus, w);
})

static void check_roster(const struct kl_roster *roster)
{
	const struct kl_roster_member *m = roster->members;
	size_t contributors = 0;

	FUZZ_CHECK(roster->n_members <= KL_ROSTER_MEMBERS_MAX);
	FUZZ_CHECK(roster->n_adopted <= KL_ROSTER_ADOPTED_MAX);
	for (size_t i = 0; i < roster->n_adopted; i++)
		FUZZ_CHECK(kl_roster_adopted(roster, &roster->adopted[i].author,
				   roster->adopted[i].code) == &roster->adopted[i]);
	FUZZ_CHECK(roster->n_past <= KL_ROSTER_PAST_MAX);
	for (size_t i = 0; i < roster->n_past; i++) {
		struct kl_head end;

		FUZZ_CHECK(kl_roster_ends(roster, &roster->past[i].feed, &end));
		FUZZ_CHECK(end.seq == roster->past[i].end.seq);
		if (i)
			FUZZ_CHECK(kl_feed_key_compare(
					   &roster->past[i - 1].feed, &roster->past[i].feed) < 0);
	}
	for (size_t i = 1; i < roster->n_erased; i++)
		FUZZ_CHECK(kl_id_compare(&roster->erased[i - 1], &roster->erased[i]) < 0);
	for (size_t i = 0; i < roster->n_members; i++) {
		struct kl_id who;

		if (i)
			FUZZ_CHECK(kl_id_compare(&m[i - 1].identity, &m[i].identity) < 0);
		FUZZ_CHECK(kl_roster_find(roster, &m[i].identity) == &m[i]);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(m[i].name), false));
		FUZZ_CHECK(!kl_attributes_check(&m[i].attributes, NULL));
		FUZZ_CHECK(m[i].state != KL_MEMBER_REMOVED || m[i].ended);
		if (m[i].state == KL_MEMBER_REMOVED &&
			kl_roster_admits(roster, m[i].curve_key, &who))
			FUZZ_CHECK(!kl_id_equal(&who, &m[i].identity));
		contributors += kl_roster_contributes(&m[i]);
	}
	FUZZ_CHECK(kl_roster_contributors(roster) == contributors);
}

int kl_fuzz_roster(const uint8_t *data, size_t len)
{
	struct kl_feed_key feed = feed_of(FEED_A)->key;
	struct fuzz_script s = {data, len};
	struct kl_roster roster, copy;
	int in_force = 0;

	kl_roster_init(&roster, NULL, &feed.author);
	while (s.len) {
		const uint64_t seq = roster.seq + 1;
		const size_t convenors = roster.n_convenors;
		uint8_t kind = fold_kinds[fuzz_u8(&s) % sizeof fold_kinds];
		bool erased = fuzz_u8(&s) == 0xff;
		struct kl_bytes payload = fuzz_bytes(&s, fuzz_u16(&s));
		struct kl_record record = {.erased = erased,
			.h = {.author = roster.feed.author,
				.epoch = roster.feed.epoch,
				.seq = seq,
				.kind = kind},
			.payload = erased ? kl_bytes(NULL, 0) : payload,
			.id = {{(uint8_t)seq, (uint8_t)(seq >> 8), 1}}};
		uint64_t version = roster.version;
		int rc = kl_roster_apply(&roster, &record, &fault);

		FUZZ_CHECK(rc != KL_E_BUG);
		FUZZ_CHECK(roster.n_convenors > convenors
				   ? kl_roster_stood_in(&roster, &roster.convenors[convenors].feed)
				   : roster.seq == seq);
		FUZZ_CHECK(roster.version == version || (!rc && roster.version == version + 1));
		if (roster.version > version)
			FUZZ_CHECK(kl_id_equal(&roster.hash, &record.id));
		in_force += roster.version > version;
		check_roster(&roster);
	}
	FUZZ_CHECK(!kl_roster_copy(&roster, &copy));
	check_roster(&copy);
	kl_roster_deinit(&copy);
	kl_roster_deinit(&roster);
	return in_force > 0;
}
