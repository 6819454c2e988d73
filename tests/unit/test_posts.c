/* The table of posts, as records of honest and of other members make it. */
#include "daemon/posts.h"
#include "core/commissioning.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_post.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static struct kl_posts posts;
static struct kl_writer payload;
static uint64_t seq;

static const struct kl_id one = {{1}}, two = {{2}};

static int setup(void **state)
{
	(void)state;
	posts = (struct kl_posts){0};
	seq = 0;
	kl_writer_init(&payload);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kl_posts_deinit(&posts);
	kl_writer_deinit(&payload);
	return 0;
}

static struct kl_id id_of(uint32_t number)
{
	struct kl_id id = {{0}};

	kl_put_u32(id.b, number);
	id.b[31] = 7;
	return id;
}

/* The next record of `author`, with the payload that was written; its id is that of `number`. */
static struct kl_record record(const struct kl_id *author, uint32_t kind, uint32_t number)
{
	struct kl_record r = {.h = {.author = *author, .kind = kind, .seq = ++seq, .time_ms = seq},
		.id = id_of(number)};

	assert_int_equal(kl_writer_bytes(&payload, &r.payload), 0);
	return r;
}

static void take(const struct kl_record *r)
{
	assert_int_equal(kl_posts_take(&posts, r, r->h.seq), 0);
}

static void fill(struct kl_post *post, enum kl_post_kind kind, const char *title)
{
	kl_post_init(post, kind);
	assert_int_equal(kl_post_set(post, "title", title, NULL), 0);
	assert_int_equal(kl_post_set(post, "text", "What we did.", NULL), 0);
}

static struct kl_record post_record(
	const struct kl_id *author, struct kl_post *post, uint32_t number)
{
	kl_writer_reset(&payload);
	kl_payload_post_write(&payload, post);
	kl_post_deinit(post);
	return record(author, kl_post_record_kind(post->kind), number);
}

static void publish(const struct kl_id *author, const char *title, uint32_t number)
{
	struct kl_record r;
	struct kl_post post;

	fill(&post, KL_LESSON, title);
	r = post_record(author, &post, number);
	take(&r);
}

static struct kl_record correction(
	const struct kl_id *author, uint32_t which, const char *place, uint32_t number)
{
	struct kl_id id = id_of(which);
	struct kl_post post;

	fill(&post, KL_LESSON, "Corrected");
	assert_int_equal(kl_post_set(&post, "place", place, NULL), 0);
	kl_writer_reset(&payload);
	kl_payload_correction_write(&payload, &id, &post);
	kl_post_deinit(&post);
	return record(author, KL_KIND_CORRECT, number);
}

static void correct(const struct kl_id *author, uint32_t which, const char *place, uint32_t number)
{
	struct kl_record r = correction(author, which, place, number);

	take(&r);
}

static void withdraw(const struct kl_id *author, uint32_t which, uint32_t number)
{
	struct kl_id id = id_of(which);
	struct kl_record r;

	kl_writer_reset(&payload);
	kl_payload_taken_back_write(&payload, &id);
	r = record(author, KL_KIND_WITHDRAW, number);
	take(&r);
}

static const struct kl_posted *find(uint32_t number)
{
	struct kl_id id = id_of(number);

	return kl_posts_find(&posts, &id);
}

/* ---- honest members --------------------------------------------------------------------------- */

static void facets_are_kept(void **state)
{
	static const char *const said[][2] = {{"place", "E06000051"}, {"period", "2016/17"},
		{"characteristics", "local assets; services"}, {"routes", "asset transfer"},
		{"stages", "plan"}, {"barriers", "letting go"}, {"outcome", "did not"},
		{"services", "Cinema; Child care"}};
	const struct kl_posted *posted;
	struct kl_record r;
	struct kl_post post;

	(void)state;
	fill(&post, KL_LESSON, "A hall");
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		assert_int_equal(kl_post_set(&post, said[i][0], said[i][1], NULL), 0);
	r = post_record(&one, &post, 1);
	take(&r);
	posted = find(1);
	assert_non_null(posted);
	assert_true(kl_post_stands(posted));
	assert_string_equal(kl_posts_place(&posts, posted->place), "e06000051");
	assert_string_equal(kl_posts_service(&posts, posted->services[1]), "child care");
	assert_string_equal(kl_posts_service(&posts, posted->services[2]), "");
	assert_int_equal(posted->characteristics, 1u << 3 | 1u << 6);
	assert_string_equal(kl_lesson_outcomes[posted->outcome - 1].slug, "did_not");
	assert_true(posted->has_period);
	assert_int_equal(posted->period.kind, KL_PERIOD_FINANCIAL);
}

static void an_answer_names_what_it_answers(void **state)
{
	struct kl_post post;
	struct kl_record r;

	(void)state;
	fill(&post, KL_ANSWER, "");
	post.about = id_of(77); /* which may never come here */
	r = post_record(&one, &post, 1);
	take(&r);
	assert_true(kl_id_equal(&find(1)->about, &post.about));
	assert_int_equal(find(1)->kind, KL_ANSWER);
}

static void the_last_correction_counts(void **state)
{
	struct kl_record first, second;
	struct kl_id text = id_of(3);

	(void)state;
	publish(&one, "A", 1);
	first = correction(&one, 1, "Leeds", 2);
	take(&first);
	assert_string_equal(kl_posts_place(&posts, find(1)->place), "leeds");
	second = correction(&one, 1, "York", 3);
	take(&second);
	first = correction(&one, 1, "Leeds", 2); /* it comes again, as it stands in its feed */
	first.h.seq = 2;
	take(&first);
	assert_string_equal(kl_posts_place(&posts, find(1)->place), "york");
	assert_true(kl_id_equal(&find(1)->text, &text));
	assert_int_equal(find(1)->corrected_ms, 3);
	assert_int_equal(posts.n, 1);
}

static void a_correction_brings_the_text_where_the_first_was_erased_before_it_came(void **state)
{
	struct kl_post post;
	struct kl_record r;

	(void)state;
	fill(&post, KL_LESSON, "A");
	r = post_record(&one, &post, 1);
	r.erased = true;
	r.payload = kl_bytes("", 0);
	take(&r);
	assert_false(kl_post_stands(find(1)));
	correct(&one, 1, "York", 2);
	assert_true(kl_post_stands(find(1)));
}

static void a_withdrawal_is_for_good(void **state)
{
	(void)state;
	publish(&one, "A", 1);
	correct(&one, 1, "York", 2);
	withdraw(&one, 1, 3);
	assert_false(kl_post_stands(find(1)));
	correct(&one, 1, "Leeds", 4);
	assert_false(kl_post_stands(find(1)));
	withdraw(&one, 1, 5);
	assert_true(find(1)->withdrawn);
}

static void ids_are_found_by_how_they_begin(void **state)
{
	const struct kl_posted *posted;
	struct kl_fault fault = {0};

	(void)state;
	publish(&one, "A", 0x0000bbaa); /* "aabb0000..." */
	publish(&one, "B", 0x0001bbaa); /* "aabb0100..." */
	assert_int_equal(kl_posts_named(&posts, "AABB00", &posted, &fault), 0);
	assert_ptr_equal(posted, find(0x0000bbaa));
	assert_int_equal(kl_posts_named(&posts, "aabb01000", &posted, &fault), 0);
	assert_int_equal(kl_posts_named(&posts, "aabb", &posted, &fault), KL_E_AMBIGUOUS);
	assert_int_equal(kl_posts_named(&posts, "aac0", &posted, &fault), KL_E_NOT_FOUND);
	assert_int_equal(kl_posts_named(&posts, "aab", &posted, &fault), KL_E_USAGE);
	assert_int_equal(kl_posts_named(&posts, "a hall", &posted, &fault), KL_E_USAGE);
	withdraw(&one, 0x0001bbaa, 9);
	assert_int_equal(kl_posts_named(&posts, "aabb", &posted, &fault), 0);
	assert_int_equal(kl_posts_named(&posts, "aabb01", &posted, &fault), KL_E_NOT_FOUND);
	assert_string_equal(fault.message, "the lesson aabb01 was withdrawn by its author");
	assert_int_equal(kl_posts_standing(&posts, KL_LESSON), 1);
	assert_int_equal(kl_posts_standing(&posts, KL_QUESTION), 0);
	assert_ptr_equal(posted, find(0x0001bbaa));
	assert_int_equal(kl_posts_named(&posts, "aac0", &posted, &fault), KL_E_NOT_FOUND);
	assert_null(posted);
}

static int backwards(
	void *arg, const struct kl_feed_key *feed, uint64_t place, uint64_t *ret_arrival)
{
	(void)arg;
	(void)feed;
	*ret_arrival = 100 - place;
	return KL_OK;
}

static void order_is_that_of_arrival(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= 20; i++)
		publish(&one, "A", i);
	correct(&one, 7, "York", 40);
	assert_int_equal(kl_posts_order(&posts, backwards, NULL), 0);
	assert_ptr_equal(find(20), &posts.items[0]);
	assert_int_equal(find(7)->arrival, 93);
	assert_int_equal(find(7)->text_arrival, 79);
	assert_ptr_equal(kl_posts_at(&posts, 93), find(7));
	assert_ptr_equal(kl_posts_at(&posts, 79), find(7));
	assert_null(kl_posts_at(&posts, 100));
	assert_null(kl_posts_at(&posts, 0));
	assert_null(kl_posts_at(&posts, UINT64_MAX));
	withdraw(&one, 40, 41); /* the text of 7 is still found by its own id */
	assert_false(kl_post_stands(find(7)));
}

/* ---- others ----------------------------------------------------------------------------------- */

static void nobody_touches_the_posts_of_another(void **state)
{
	(void)state;
	publish(&one, "A", 1);
	withdraw(&two, 1, 2);
	correct(&two, 1, "York", 3);
	assert_true(kl_post_stands(find(1)));
	assert_int_equal(find(1)->corrected_ms, 0);
	assert_string_equal(kl_posts_place(&posts, find(1)->place), "");
}

static void a_correction_of_a_correction_means_nothing(void **state)
{
	(void)state;
	publish(&one, "A", 1);
	correct(&one, 1, "York", 2);
	correct(&one, 2, "Leeds", 3);
	assert_string_equal(kl_posts_place(&posts, find(1)->place), "york");
}

static void who_withdraws_a_correction_has_no_text_left(void **state)
{
	(void)state;
	publish(&one, "A", 1);
	correct(&one, 1, "York", 2);
	withdraw(&two, 2, 3);
	assert_true(kl_post_stands(find(1)));
	withdraw(&one, 2, 4);
	assert_false(kl_post_stands(find(1)));
	assert_false(find(1)->withdrawn);
	correct(&one, 1, "Leeds", 5);
	assert_true(kl_post_stands(find(1)));
}

static void what_never_was_cannot_be_withdrawn(void **state)
{
	(void)state;
	withdraw(&one, 1, 2);
	correct(&one, 1, "York", 3);
	assert_int_equal(posts.n, 0);
	publish(&one, "A", 1);
	assert_true(kl_post_stands(find(1)));
}

static void malformed_payloads_leave_no_text(void **state)
{
	struct kl_record r;
	struct kl_post post;

	(void)state;
	fill(&post, KL_LESSON, "A");
	r = post_record(&one, &post, 1);
	r.payload.len--;
	take(&r);
	assert_false(kl_post_stands(find(1)));
	r = correction(&one, 1, "York", 2);
	r.payload.len--;
	take(&r);
	assert_int_equal(find(1)->corrected_ms, 0);
}

/* B answers A, and A is corrected to be an answer to B: only that it ends is asked here. */
static void a_thread_may_run_in_a_circle(void **state)
{
	struct kl_id first = id_of(1);
	struct kl_post post;
	struct kl_record r;

	(void)state;
	for (uint32_t i = 1; i <= 2; i++) {
		fill(&post, KL_ANSWER, "");
		post.about = id_of(3 - i);
		r = post_record(i == 1 ? &one : &two, &post, i);
		take(&r);
	}
	fill(&post, KL_ANSWER, "");
	post.about = first;
	kl_writer_reset(&payload);
	kl_payload_correction_write(&payload, &first, &post);
	kl_post_deinit(&post);
	r = record(&one, KL_KIND_CORRECT, 9);
	take(&r);
	assert_true(kl_id_equal(&find(1)->about, &first)); /* about itself */
}

static void who_floods_meets_a_limit_and_withdrawing_makes_room(void **state)
{
	size_t kept, passed_over;

	(void)state;
	for (uint32_t i = 1; i <= KL_MEMBER_POSTS_MAX + 5; i++)
		publish(&one, "A", i);
	kl_posts_of(&posts, &one, &kept, &passed_over);
	assert_int_equal(kept, KL_MEMBER_POSTS_MAX);
	assert_int_equal(passed_over, 5);
	assert_int_equal(posts.passed_over, 5);
	assert_false(kl_posts_room(&posts, &one));
	assert_true(kl_posts_room(&posts, &two));
	publish(&two, "B", 900001);
	assert_true(kl_post_stands(find(900001)));
	for (uint32_t i = 1; i <= 2000; i++) { /* more than are left as gaps */
		withdraw(&one, i, 910000 + i);
		publish(&one, "A", 920000 + i);
	}
	kl_posts_of(&posts, &one, &kept, &passed_over);
	assert_int_equal(kept, KL_MEMBER_POSTS_MAX);
	assert_int_equal(passed_over, 5);
	assert_null(find(1));
	assert_true(kl_post_stands(find(920001)));
	assert_true(kl_post_stands(find(900001)));
	assert_true(posts.n < KL_MEMBER_POSTS_MAX + 2000);
	assert_ptr_equal(kl_posts_at(&posts, find(922000)->arrival), find(922000));
	for (uint32_t i = 0; i < 2; i++) { /* a later one first */
		withdraw(&one, 4000 - 1000 * i, 930000 + i);
		publish(&one, "A", 940000 + i);
		assert_null(find(4000 - 1000 * i));
	}
	kl_posts_of(&posts, &one, &kept, &passed_over);
	assert_int_equal(kept, KL_MEMBER_POSTS_MAX);
	assert_int_equal(passed_over, 5);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(facets_are_kept),
		FRESH(an_answer_names_what_it_answers),
		FRESH(the_last_correction_counts),
		FRESH(a_correction_brings_the_text_where_the_first_was_erased_before_it_came),
		FRESH(a_withdrawal_is_for_good),
		FRESH(ids_are_found_by_how_they_begin),
		FRESH(order_is_that_of_arrival),
		FRESH(nobody_touches_the_posts_of_another),
		FRESH(a_correction_of_a_correction_means_nothing),
		FRESH(who_withdraws_a_correction_has_no_text_left),
		FRESH(what_never_was_cannot_be_withdrawn),
		FRESH(malformed_payloads_leave_no_text),
		FRESH(a_thread_may_run_in_a_circle),
		FRESH(who_floods_meets_a_limit_and_withdrawing_makes_room),
	};

	return RUN(tests);
}
