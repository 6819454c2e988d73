/* What a member keeps for itself about what others write, as private documents.
 *
 * following  {"v": 1, "topics": [[kind, text, since], ..]}: the topics it follows (core/topic.h), in the
 *            order in which it began to
 * read mark  {"v": 1, "mark": arrival, "told": [id, ..]}: it was told of everything up to that arrival;
 *            `told` are posts it was told of, the latest last, so that it hears when one is withdrawn
 * days       {"v": 1, "days": [[day, arrival], ..]}: the highest arrival when a day began, rising, so
 *            that a week can be told by when things came and not by what their authors claim; a day is
 *            a number as in core/day.h */
#ifndef KL_PROTOCOL_DOC_INBOX_H
#define KL_PROTOCOL_DOC_INBOX_H

#include "core/bytes.h"
#include "core/topic.h"
#include "protocol/wire.h"

enum { KL_INBOX_TOLD_MAX = 1000, KL_ARRIVAL_DAYS_MAX = 400 };

struct kl_following {
	size_t n;
	struct kl_topic topics[KL_TOPICS_MAX];
};

struct kl_read_mark {
	uint64_t mark;
	size_t n;
	struct kl_id told[KL_INBOX_TOLD_MAX];
};

struct kl_arrival_days {
	size_t n;
	struct {
		int32_t day;
		uint64_t arrival;
	} days[KL_ARRIVAL_DAYS_MAX];
};

/* Each appends its map; ask kl_writer_bytes() whether it worked. Each decoder: KL_E_VERSION;
 * KL_E_MALFORMED if it is not the map that the writer would have made. The fault names the trouble. */
void kl_doc_following_encode(struct kl_writer *w, const struct kl_following *following);
int kl_doc_following_decode(
	struct kl_bytes bytes, struct kl_following *ret_following, struct kl_fault *fault);

void kl_doc_read_mark_encode(struct kl_writer *w, const struct kl_read_mark *mark);
int kl_doc_read_mark_decode(
	struct kl_bytes bytes, struct kl_read_mark *ret_mark, struct kl_fault *fault);

void kl_doc_arrival_days_encode(struct kl_writer *w, const struct kl_arrival_days *days);
int kl_doc_arrival_days_decode(
	struct kl_bytes bytes, struct kl_arrival_days *ret_days, struct kl_fault *fault);

#endif
