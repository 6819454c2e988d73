#include "daemon/spend_answer.h"
#include "core/day.h"

void kl_put_day(struct kl_writer *w, const char *key, bool known, int32_t day)
{
	char text[KL_DAY_TEXT_MAX];

	kl_put_text(w, key, known ? kl_day_format(day, text) : NULL);
}

void kl_put_spend_rows(struct kl_writer *w, uint64_t accepted, uint64_t rejected)
{
	kl_put_map(w, "rows", 3);
	kl_put_uint(w, "read", accepted + rejected);
	kl_put_uint(w, "accepted", accepted);
	kl_put_uint(w, "rejected", rejected);
}

static void put_reasons(struct kl_writer *w, const struct kl_spend_file *f)
{
	size_t count = 0;

	for (int i = 0; i < KL_REJECT_COUNT; i++)
		count += f->rejected[i] > 0;
	kl_put_array(w, "reasons", count);
	for (int i = 0; i < KL_REJECT_COUNT; i++) {
		if (!f->rejected[i])
			continue;
		kl_write_map(w, 3);
		kl_put_text(w, "reason", kl_reject_text((enum kl_reject)i));
		kl_put_uint(w, "rows", f->rejected[i]);
		kl_put_int(w, "pence", f->rejected_pence[i]);
	}
}

void kl_put_spend_file(struct kl_writer *w, uint64_t number, const struct kl_spend_file *f)
{
	char at[KL_UTC_TEXT_MAX];

	kl_put_uint(w, "number", number);
	kl_put_text(w, "file", f->name);
	kl_put_text(w, "at", kl_utc_format(f->imported_ms, at));
	kl_put_spend_rows(w, f->accepted, kl_spend_file_rejected(f));
	kl_put_int(w, "total_pence", f->pence);
	kl_put_int(w, "rejected_pence", kl_spend_file_rejected_pence(f));
	kl_put_uint(w, "rejected_without_amount", f->unreadable);
	put_reasons(w, f);
	kl_put_day(w, "first_day", f->has_days, f->first);
	kl_put_day(w, "last_day", f->has_days, f->last);
	kl_put_text(w, "amounts", f->amount_column);
	kl_put_text(w, "dates", f->dates);
}

static void put_share(struct kl_writer *w, const char *key, bool known, double share)
{
	if (known)
		kl_put_double(w, key, share);
	else
		kl_put_nil(w, key);
}

void kl_put_spend_share(struct kl_writer *w, const char *key, const struct kl_spend_cut *cut,
	enum kl_spend_class class)
{
	double share = 0;
	bool known = kl_spend_share(cut, class, &share);

	put_share(w, key, known, share);
}

void kl_put_spend_count_share(struct kl_writer *w, const char *key, const struct kl_spend_cut *cut,
	enum kl_spend_class class)
{
	double share = 0;
	bool known = kl_spend_count_share(cut, class, &share);

	put_share(w, key, known, share);
}
