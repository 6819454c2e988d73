/* The table of posts with 100,000 lessons of 2,000 members: made from their records as at a start, and
 * asked. The records are in memory: what the database takes is in the others. */
#include "daemon/post_filter.h"
#include "daemon/posts.h"
#include "protocol/payload_post.h"
#include "tests/bench/bench.h"

#include <string.h>

enum { LESSONS = 100000, MEMBERS = 2000, TIMES = 21 };

static struct kl_network network;

static void fill(struct kl_post *post, unsigned i)
{
	static const char *const places[] = {"E08000033", "Ripon", "E06000051", "Wem"};
	static const char *const routes[] = {"grants", "asset transfer", "consortium", "alliance"};
	char title[64], text[600];

	(void)snprintf(title, sizeof title, "Lesson %u of a made-up member", i);
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	kl_post_init(post, KL_LESSON);
	if (kl_post_set(post, "title", title, NULL) || kl_post_set(post, "text", text, NULL) ||
		kl_post_set(post, "place", places[i % 4], NULL) ||
		kl_post_set(post, "routes", routes[i % 3], NULL) ||
		kl_post_set(post, "outcome", i % 5 ? "worked" : "did not", NULL) ||
		kl_post_set(post, "services", "halls; cafes", NULL))
		give_up("a lesson cannot be made");
}

static struct kl_record record(struct kl_bytes payload, unsigned i)
{
	struct kl_record r = {
		.payload = payload, .h = {.kind = KL_KIND_LESSON, .seq = i / MEMBERS + 1}};
	uint64_t mixed = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);

	kl_put_u32(r.h.author.b, i % MEMBERS * 2654435761u);
	kl_put_u64(r.id.b, mixed ^ mixed >> 29);
	r.h.time_ms = 1780000000000 + i;
	return r;
}

static void take_all(void)
{
	double begin = now(), taking = 0;
	struct kl_writer w;

	kl_writer_init(&w);
	for (unsigned i = 0; i < LESSONS; i++) {
		struct kl_bytes payload;
		struct kl_record r;
		struct kl_post post;

		fill(&post, i);
		kl_writer_reset(&w);
		kl_payload_post_write(&w, &post);
		kl_post_deinit(&post);
		if (kl_writer_bytes(&w, &payload))
			give_up("out of memory");
		r = record(payload, i);
		begin = now();
		if (kl_posts_take(&network.posts, &r, i + 1))
			give_up("out of memory");
		taking += now() - begin;
	}
	kl_writer_deinit(&w);
	printf("lessons %d\ntake_s %.3f\nbytes %zu\n", LESSONS, taking, sizeof(struct kl_posted));
}

static size_t fitting(struct kl_post_filter *filter)
{
	size_t n = 0;

	for (size_t i = 0; i < network.posts.n; i++)
		n += kl_post_stands(&network.posts.items[i]) &&
		     kl_post_fits(filter, &network.posts.items[i]);
	return n;
}

static void filter_all(void)
{
	struct kl_post_filter filter = {.network = &network,
		.kind = KL_LESSON,
		.routes = 1u << 6,
		.outcome = 1,
		.place = "ripon",
		.service = "cafe"};
	double times[TIMES];
	size_t n = 0;

	for (int i = 0; i < TIMES; i++) {
		double begin = now();

		n = fitting(&filter);
		times[i] = now() - begin;
	}
	printf("fit %zu\nfilter_ms %.3f\n", n, median(times, TIMES) * 1e3);
}

static void name_one(void)
{
	const struct kl_posted *posted;
	double times[TIMES];
	char hex[KL_ID_HEX_MAX];

	for (int i = 0; i < TIMES; i++) {
		double begin;

		kl_hex(network.posts.items[i * 4000].id.b, 8, hex);
		begin = now();
		if (kl_posts_named(&network.posts, hex, &posted, NULL))
			give_up("a post is not found");
		times[i] = now() - begin;
	}
	printf("name_ms %.3f\n", median(times, TIMES) * 1e3);
}

int main(void)
{
	take_all();
	filter_all();
	name_one();
	kl_posts_deinit(&network.posts);
	return 0;
}
