#include "core/commissioning.h"
#include "core/post.h"
#include "protocol/header.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_post.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

static void set(struct kl_post *post, const char *field, const char *value)
{
	struct kl_fault fault = {0};

	if (kl_post_set(post, field, value, &fault))
		fail_msg("%s: %s", field, fault.message);
}

static void fill(struct kl_post *post)
{
	kl_post_init(post, KL_LESSON);
	set(post, "title", "Take the caretaker's house as well");
	set(post, "text", "The hall alone did not pay.\n\nWith the house it does.");
	set(post, "place", "E06000051");
	set(post, "When", "2016-17");
	set(post, "characteristics", "local assets; money flows");
	set(post, "routes", "asset transfer");
	set(post, "stages", "plan");
	set(post, "barriers", "letting go; risk");
	set(post, "outcome", "did not");
	set(post, "services", "childcare; cinema");
	set(post, "links", "https://hall.example/");
}

static void fields_are_set_in_peoples_words(void **state)
{
	struct kl_post post;
	char text[64];

	(void)state;
	fill(&post);
	assert_int_equal(post.characteristics, 1u << 0 | 1u << 3);
	assert_string_equal(post.period, "2016/17");
	assert_string_equal(post.outcome, "did_not");
	assert_string_equal(kl_slug_name(kl_lesson_outcomes, post.outcome), "did not work");
	kl_form_show(&kl_post_form.fields[8], &post, text, sizeof text);
	assert_string_equal(text, "risk_aversion; letting_go");
	assert_int_equal(kl_post_check(&post, NULL), 0);
	set(&post, "routes", "");
	assert_int_equal(post.routes, 0);
	kl_post_deinit(&post);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *field, *value, *words;
		int code;
	} cases[] = {
		{"titel", "x", "titel", KL_E_NOT_FOUND},
		{"title", "two\nlines", "a line break", KL_E_INVALID},
		{"routes", "asset transfer; teleport", "teleport", KL_E_NOT_FOUND},
		{"period", "last summer", "period", KL_E_INVALID},
		{"links", "javascript:alert(1)", "https://", KL_E_INVALID},
		{"text", "bell \a", "control character", KL_E_INVALID},
	};
	struct kl_post post;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault = {0};

		fill(&post);
		assert_int_equal(
			kl_post_set(&post, cases[i].field, cases[i].value, &fault), cases[i].code);
		assert_non_null(strstr(fault.message, cases[i].words));
		kl_post_deinit(&post);
	}
}

static void every_kind_has_what_it_needs(void **state)
{
	struct kl_post post;

	(void)state;
	kl_post_init(&post, KL_LESSON);
	set(&post, "text", "no title");
	assert_int_equal(kl_post_check(&post, NULL), KL_E_INVALID);
	set(&post, "title", "a title");
	assert_int_equal(kl_post_check(&post, NULL), 0);
	post.about.b[0] = 1;
	assert_int_equal(kl_post_check(&post, NULL), KL_E_INVALID);
	post.kind = KL_ANSWER;
	assert_int_equal(kl_post_check(&post, NULL), 0);
	set(&post, "text", "");
	assert_int_equal(kl_post_check(&post, NULL), KL_E_INVALID);
	kl_post_deinit(&post);
}

static void a_post_comes_back_as_it_was_written(void **state)
{
	struct kl_post post, again;
	struct kl_writer w;
	struct kl_bytes bytes, inner;
	struct kl_id record = {{5}}, named;
	char a[512], b[512];

	(void)state;
	fill(&post);
	kl_writer_init(&w);
	kl_payload_correction_write(&w, &record, &post);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_correction_read(bytes, &named, &inner, NULL), 0);
	assert_true(kl_id_equal(&named, &record));
	assert_int_equal(kl_payload_post_read(inner, KL_LESSON, &again, NULL), 0);
	for (size_t i = 0; i < kl_post_form.n; i++) {
		kl_form_show(&kl_post_form.fields[i], &post, a, sizeof a);
		kl_form_show(&kl_post_form.fields[i], &again, b, sizeof b);
		assert_string_equal(a, b);
	}
	kl_post_deinit(&again);
	assert_int_equal(kl_payload_post_read(inner, KL_ANSWER, &again, NULL), KL_E_MALFORMED);
	kl_post_deinit(&post);
	kl_writer_deinit(&w);
}

static void words_of_newer_versions_are_passed_over(void **state)
{
	struct kl_post post;
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 4);
	kl_put_text(&w, "outcome", "baffling");
	kl_put_text(&w, "title", "From the future");
	kl_put_array(&w, "routes", 2);
	kl_write_text(&w, "teleport");
	kl_write_text(&w, "grant");
	kl_put_text(&w, "mood", "hopeful");
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_post_read(bytes, KL_QUESTION, &post, NULL), 0);
	assert_int_equal(post.routes, 1u << 5);
	assert_string_equal(post.outcome, "");
	kl_post_deinit(&post);
	kl_writer_deinit(&w);
}

/* What protocol/README.md says, to the byte. */
static void payloads_are_written_as_documented(void **state)
{
	static const char lesson[] = "\x82\xa5title\xa3Wem\xa7outcome\xa6worked";
	static const char front[] = "\x92\xc4\x20", back[] = "\x81\xa5title\xa4Wem.",
			  taken[] = "\x81\xa6record\xc4\x20";
	struct kl_id id = {{0xab}};
	struct kl_post post;
	struct kl_writer w;
	struct kl_bytes b;

	(void)state;
	kl_writer_init(&w);
	kl_post_init(&post, KL_LESSON);
	set(&post, "title", "Wem");
	set(&post, "outcome", "worked");
	kl_payload_post_write(&w, &post);
	assert_int_equal(kl_writer_bytes(&w, &b), 0);
	assert_int_equal(b.len, 26);
	assert_memory_equal(b.data, lesson, 26);

	set(&post, "title", "Wem.");
	set(&post, "outcome", "");
	kl_writer_reset(&w);
	kl_payload_correction_write(&w, &id, &post);
	assert_int_equal(kl_writer_bytes(&w, &b), 0);
	assert_int_equal(b.len, 47);
	assert_memory_equal(b.data, front, 3);
	assert_memory_equal(b.data + 3, id.b, KL_ID_BYTES);
	assert_memory_equal(b.data + 35, back, 12);

	kl_writer_reset(&w);
	kl_payload_taken_back_write(&w, &id);
	assert_int_equal(kl_writer_bytes(&w, &b), 0);
	assert_int_equal(b.len, 42);
	assert_memory_equal(b.data, taken, 10);
	kl_post_deinit(&post);
	kl_writer_deinit(&w);
}

static void kinds_go_both_ways(void **state)
{
	enum kl_post_kind kind;

	(void)state;
	for (int k = KL_LESSON; k <= KL_ANSWER; k++) {
		assert_int_equal(kl_post_kind_of(kl_post_record_kind(k), &kind), 0);
		assert_int_equal(kind, k);
	}
	assert_int_equal(kl_post_kind_of(KL_KIND_POLICY, &kind), KL_E_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_set_in_peoples_words),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(every_kind_has_what_it_needs),
		cmocka_unit_test(a_post_comes_back_as_it_was_written),
		cmocka_unit_test(words_of_newer_versions_are_passed_over),
		cmocka_unit_test(payloads_are_written_as_documented),
		cmocka_unit_test(kinds_go_both_ways),
	};

	return RUN(tests);
}
