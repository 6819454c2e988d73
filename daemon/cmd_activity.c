/* activity list: what community anchors do, and which indicators would show it. */
#include "core/activity.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"

enum { EVERY = KL_CHARACTERISTICS };

static bool fits(const struct kl_activity *it, size_t characteristic, const char *words)
{
	return (characteristic == EVERY || it->characteristic == characteristic) &&
	       (!words[0] || kl_words_contain(it->name, words) ||
		       kl_words_contain(it->code, words));
}

static void put_activity(struct kl_writer *w, const struct kl_activity *it)
{
	kl_write_map(w, 4);
	kl_put_text(w, "code", it->code);
	kl_put_text(w, "name", it->name);
	kl_put_text(w, "characteristic", kl_characteristic_at(it->characteristic)->code);
	kl_put_array(w, "indicators", it->indicator_count);
	for (uint8_t i = 0; i < it->indicator_count; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "code", it->indicators[i]);
		kl_put_text(w, "name", kl_indicator_by_code(it->indicators[i])->name);
	}
}

int kl_cmd_activity_list(void *data, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	char name[256], words[128];
	size_t characteristic = EVERY, n = 0;
	int rc = kl_ask_text(ask, "characteristic", name, sizeof name);

	(void)data;
	if (!rc && name[0])
		rc = kl_characteristic_find(name, &characteristic, &ask->fault);
	if (!rc)
		rc = kl_ask_text(ask, "words", words, sizeof words);
	if (rc)
		return rc;
	for (size_t i = 0; i < kl_activity_count(); i++)
		n += fits(kl_activity_at(i), characteristic, words);
	kl_write_map(w, 1);
	kl_put_array(w, "activities", n);
	for (size_t i = 0; i < kl_activity_count(); i++)
		if (fits(kl_activity_at(i), characteristic, words))
			put_activity(w, kl_activity_at(i));
	return kl_ask_answer(ask);
}
