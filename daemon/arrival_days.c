#include "daemon/arrival_days.h"
#include "protocol/doc_inbox.h"
#include "store/arrivals.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000 };

static const char doc_kind[] = "arrival days", doc_name[] = "days";

/* To be freed; empty if there is none. NULL: KL_E_NOMEM, or what the store says. */
static struct kl_arrival_days *get(struct kl_node *node, int *ret_rc)
{
	struct kl_arrival_days *days = calloc(1, sizeof *days);
	uint8_t *bytes;
	size_t len;
	int rc = days ? kl_document_get(node->store, doc_kind, doc_name, 0, &bytes, &len, NULL)
		      : KL_E_NOMEM;

	if (!rc) {
		rc = kl_doc_arrival_days_decode(kl_bytes(bytes, len), days, NULL);
		free(bytes);
	}
	*ret_rc = rc == KL_E_NOT_FOUND ? KL_OK : rc;
	if (!*ret_rc)
		return days;
	free(days);
	return NULL;
}

static void keep(struct kl_node *node, const struct kl_arrival_days *days)
{
	struct kl_bytes bytes;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_doc_arrival_days_encode(&w, days);
	if (!kl_writer_bytes(&w, &bytes))
		(void)kl_node_keep(node, doc_kind, doc_name, bytes, NULL);
	kl_writer_deinit(&w);
}

void kl_arrival_days_note(struct kl_node *node)
{
	int32_t today = (int32_t)(kl_node_wall() / DAY_MS);
	struct kl_arrival_days *days;
	uint64_t last;
	int rc;

	if (node->arrival_day >= today)
		return;
	days = get(node, &rc);
	if (!days)
		return;
	if (!kl_arrival_last(node->store, &last) &&
		(!days->n || (days->days[days->n - 1].day < today &&
				     days->days[days->n - 1].arrival <= last))) {
		if (days->n == KL_ARRIVAL_DAYS_MAX)
			memmove(days->days, days->days + 1, --days->n * sizeof days->days[0]);
		days->days[days->n].day = today;
		days->days[days->n++].arrival = last;
		keep(node, days);
	}
	if (days->n && days->days[days->n - 1].day >= today)
		node->arrival_day = today;
	free(days);
}

int kl_arrivals_before(struct kl_node *node, int32_t day, uint64_t *ret_arrival)
{
	int rc;
	struct kl_arrival_days *days = get(node, &rc);
	size_t i = 0;

	if (!days)
		return rc;
	while (i < days->n && days->days[i].day < day)
		i++;
	/* what came before the first note has no day, if anything did; a later day is told by the next */
	if (!days->n || (i == 0 && days->days[0].day > day && days->days[0].arrival))
		rc = KL_E_NOT_FOUND;
	else if (i == days->n)
		rc = kl_arrival_last(node->store, ret_arrival);
	else
		*ret_arrival = days->days[i].arrival;
	free(days);
	return rc;
}
