/* What answers about spending files share. */
#ifndef KL_DAEMON_SPEND_ANSWER_H
#define KL_DAEMON_SPEND_ANSWER_H

#include "core/spend_sum.h"
#include "protocol/doc_spend.h"
#include "protocol/wire.h"

/* "file": its name, rows, pounds, rejected rows by reason, days, columns: KL_SPEND_FILE_KEYS pairs of
 * a map. */
enum { KL_SPEND_FILE_KEYS = 12 };
void kl_put_spend_file(struct kl_writer *w, uint64_t number, const struct kl_spend_file *file);

/* "rows": read, accepted, rejected. */
void kl_put_spend_rows(struct kl_writer *w, uint64_t accepted, uint64_t rejected);

/* A day, or nil. */
void kl_put_day(struct kl_writer *w, const char *key, bool known, int32_t day);

/* Share of a class in a cut by value or by number, or nil. */
void kl_put_spend_share(struct kl_writer *w, const char *key, const struct kl_spend_cut *cut,
	enum kl_spend_class class);
void kl_put_spend_count_share(struct kl_writer *w, const char *key, const struct kl_spend_cut *cut,
	enum kl_spend_class class);

#endif
