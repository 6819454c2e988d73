/* Payloads of named figures: a value that its owner chose to publish under its name, and its
 * withdrawal. A later figure for the same metric and period takes the place of an earlier one. */
#ifndef KL_PROTOCOL_PAYLOAD_FIGURE_H
#define KL_PROTOCOL_PAYLOAD_FIGURE_H

#include "core/error.h"
#include "core/period.h"
#include "protocol/payload_roster.h"
#include "protocol/wire.h"

enum {
	KL_FIGURE_METHOD_MAX = 80,
	KL_FIGURE_CONFIDENCE_MAX = 24,
	KL_FIGURE_SOURCE_MAX = 300,
};

struct kl_figure {
	char metric[KL_PAYLOAD_CODE_MAX]; /* code of the catalogue, such as enabled.fte */
	struct kl_period period;
	int64_t value;                             /* scaled integer in the metric's own unit */
	char method[KL_FIGURE_METHOD_MAX];         /* empty: not said */
	char confidence[KL_FIGURE_CONFIDENCE_MAX]; /* empty: not said */
	char source[KL_FIGURE_SOURCE_MAX];         /* empty: not said */
};

struct kl_figure_withdrawal {
	char metric[KL_PAYLOAD_CODE_MAX];
	struct kl_period period;
};

/* True for lower-case words of letters, digits and `_`, joined by dots: enabled.gva_per_fte. */
bool kl_metric_code_is_valid(const char *code);

void kl_payload_figure_write(struct kl_writer *w, const struct kl_figure *figure);
int kl_payload_figure_read(
	struct kl_bytes payload, struct kl_figure *ret_figure, struct kl_fault *fault);

void kl_payload_withdrawal_write(
	struct kl_writer *w, const struct kl_figure_withdrawal *withdrawal);
int kl_payload_withdrawal_read(struct kl_bytes payload, struct kl_figure_withdrawal *ret_withdrawal,
	struct kl_fault *fault);

#endif
