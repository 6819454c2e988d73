#include "client/part_feed.h"

void kl_part_feed_init(struct kl_part_feed *feed, kl_part_feed_fn *row, void *data)
{
	kl_part_init(&feed->part);
	feed->row = row;
	feed->data = data;
	feed->ended = false;
}

void kl_part_feed_deinit(struct kl_part_feed *feed)
{
	kl_part_deinit(&feed->part);
}

static int give(struct kl_part_feed *feed, struct kl_writer *out, struct kl_fault *fault)
{
	struct kl_bytes bytes;
	int rc = kl_part_bytes(&feed->part, &bytes);

	if (!rc) {
		kl_write_raw(out, bytes);
		rc = kl_part_next(&feed->part);
	}
	return rc ? kl_fault(fault, rc, "no memory for the next part") : 1;
}

int kl_part_feed_next(struct kl_part_feed *feed, struct kl_writer *out, struct kl_fault *fault)
{
	while (!feed->ended) {
		bool full = false;
		int rc = feed->row(feed->data, kl_part_row(&feed->part), fault);

		if (rc < 0)
			return rc;
		if (rc == 0) {
			feed->ended = true;
			break;
		}
		rc = kl_part_end_row(&feed->part, &full);
		if (rc)
			return kl_fault(fault, rc, "a row could not be packed");
		if (full)
			return give(feed, out, fault);
	}
	return feed->part.count ? give(feed, out, fault) : 0;
}
