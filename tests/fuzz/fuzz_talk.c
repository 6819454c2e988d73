/* What a member keeps about what others write. */
#include "protocol/doc_inbox.h"
#include "tests/fuzz/codec.h"

#include <string.h>

static struct kl_fault fault;

static int told(int rc)
{
	if (rc)
		FUZZ_CHECK(fault.code == rc && kl_text_is_plain(kl_bytes_str(fault.message), true));
	return rc;
}

void kl_fuzz_samples_doc_following(struct fuzz_corpus *corpus)
{
	static struct kl_following x;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_doc_following_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	x.topics[x.n++] = (struct kl_topic){KL_TOPIC_WORDS, "community shares", 7};
	x.topics[x.n] = (struct kl_topic){KL_TOPIC_ROUTE, "", 0};
	strcpy(x.topics[x.n++].text, kl_routes[0].slug);
	x.topics[x.n] = (struct kl_topic){KL_TOPIC_MEMBER, "", UINT64_MAX};
	memset(x.topics[x.n++].text, 'a', 2 * KL_ID_BYTES);
	kl_doc_following_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

static void check_topics(const struct kl_following *x)
{
	FUZZ_CHECK(x->n <= KL_TOPICS_MAX);
	for (size_t i = 0; i < x->n; i++) {
		FUZZ_CHECK(!kl_topic_check(&x->topics[i]));
		FUZZ_CHECK(kl_topic_name(&x->topics[i])[0]);
	}
}

FUZZ_CANONICAL(doc_following, struct kl_following, told(kl_doc_following_decode(bytes, &x, &fault)),
	(check_topics(&x), kl_doc_following_encode(w, &x)), (void)0)

void kl_fuzz_samples_doc_read_mark(struct fuzz_corpus *corpus)
{
	static struct kl_read_mark x;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_doc_read_mark_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	x.mark = 70000;
	x.n = 3;
	x.told[1].b[0] = 1;
	kl_doc_read_mark_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

static void check_mark(const struct kl_read_mark *x)
{
	FUZZ_CHECK(x->n <= KL_INBOX_TOLD_MAX);
}

FUZZ_CANONICAL(doc_read_mark, struct kl_read_mark, told(kl_doc_read_mark_decode(bytes, &x, &fault)),
	(check_mark(&x), kl_doc_read_mark_encode(w, &x)), (void)0)

void kl_fuzz_samples_doc_arrival_days(struct fuzz_corpus *corpus)
{
	static struct kl_arrival_days x;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_doc_arrival_days_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	x.n = 3;
	x.days[0].day = -1;
	x.days[1].day = 20000;
	x.days[1].arrival = 5;
	x.days[2].day = 20007;
	x.days[2].arrival = 5;
	kl_doc_arrival_days_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

static void check_days(const struct kl_arrival_days *x)
{
	for (size_t i = 1; i < x->n; i++)
		FUZZ_CHECK(x->days[i - 1].day < x->days[i].day &&
			   x->days[i - 1].arrival <= x->days[i].arrival);
}

FUZZ_CANONICAL(doc_arrival_days, struct kl_arrival_days,
	told(kl_doc_arrival_days_decode(bytes, &x, &fault)),
	(check_days(&x), kl_doc_arrival_days_encode(w, &x)), (void)0)
