#include "store/inside.h"

/* A number below 32768: one byte, or two of which the first has its highest bit set. */
static int take_number(struct kl_bytes *rest, unsigned *ret_number)
{
	unsigned number;
	size_t n;

	if (!rest->len)
		return KL_E_DAMAGED;
	number = rest->data[0];
	n = number < 0x80 ? 1 : 2;
	if (rest->len < n)
		return KL_E_DAMAGED;
	if (n == 2)
		number = (number & 0x7f) << 8 | rest->data[1];
	*rest = kl_bytes(rest->data + n, rest->len - n);
	*ret_number = number;
	return KL_OK;
}

int kl_entry_next(struct kl_bytes *rest, struct kl_entry *ret_entry)
{
	struct kl_bytes left = *rest;
	struct kl_entry entry;
	unsigned len;

	if (!left.len || !left.data[0] || left.data[0] > KL_TERM_MAX || left.data[0] >= left.len)
		return KL_E_DAMAGED;
	entry.term = kl_bytes(left.data + 1, left.data[0]);
	left = kl_bytes(left.data + 1 + entry.term.len, left.len - 1 - entry.term.len);
	if (take_number(&left, &len) < 0 || !len || len > left.len)
		return KL_E_DAMAGED;
	entry.postings = kl_bytes(left.data, len);
	*rest = kl_bytes(left.data + len, left.len - len);
	*ret_entry = entry;
	return KL_OK;
}

int kl_posting_next(struct kl_bytes *postings, int *place, uint8_t *ret_weight)
{
	unsigned step;

	if (take_number(postings, &step) < 0 || !postings->len ||
		(unsigned)(*place + 1) + step >= KL_SEGMENT_DOCUMENTS)
		return KL_E_DAMAGED;
	*place += 1 + (int)step;
	*ret_weight = postings->data[0];
	*postings = kl_bytes(postings->data + 1, postings->len - 1);
	return KL_OK;
}

int kl_txn_block(struct kl_txn *txn, const struct kl_key *segment, struct kl_bytes term,
	struct kl_bytes *ret_key, struct kl_bytes *ret_value, struct kl_bytes *ret_next)
{
	struct kl_key wanted = *segment;

	kl_key_bytes(&wanted, term);
	return kl_txn_floor(txn, KL_TABLE_POSTINGS, kl_key_view(segment), kl_key_view(&wanted),
		ret_key, ret_value, ret_next);
}
