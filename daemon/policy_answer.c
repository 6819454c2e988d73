#include "daemon/policy_answer.h"
#include "protocol/payload_form.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = KL_PROFILE_LIST_MAX * (KL_PROFILE_TEXT_MAX + 2) + 1, WORDS_MAX = 4000 };

static const struct kl_policy nothing;

const char *kl_policy_key(size_t field, char out[KL_POLICY_KEY_MAX])
{
	const struct kl_form_field *f = &kl_policy_form.fields[field];

	(void)snprintf(
		out, KL_POLICY_KEY_MAX, "%s%s", f->name, f->sort == KL_FORM_MONEY ? "_pence" : "");
	return out;
}

bool kl_policy_is_unknown(size_t field, const struct kl_policy *policy)
{
	return policy->unknown >> field & 1;
}

/* ---- values -------------------------------------------------------------------------------- */

static void write_list(struct kl_writer *w, const struct kl_text_list *list)
{
	kl_write_array(w, list->n);
	for (size_t i = 0; i < list->n; i++)
		kl_write_text(w, list->items[i]);
}

static void write_set(struct kl_writer *w, const struct kl_slug *words, uint32_t bits)
{
	kl_write_array(w, (size_t)__builtin_popcount(bits));
	for (size_t i = 0; words[i].slug; i++)
		if (bits >> i & 1)
			kl_write_text(w, words[i].slug);
}

void kl_write_policy_value(struct kl_writer *w, size_t field, const struct kl_policy *policy)
{
	const struct kl_form_field *f = &kl_policy_form.fields[field];
	const void *at = (const char *)(policy ? policy : &nothing) + f->offset;
	uint32_t bits;

	if (!policy || kl_form_is_absent(f, policy)) {
		kl_write_nil(w);
		return;
	}
	switch (f->sort) {
	case KL_FORM_TENTHS:
		kl_write_double(w, (double)((const struct kl_optional_int *)at)->value / 10);
		break;
	case KL_FORM_MONEY:
		kl_write_int(w, ((const struct kl_optional_int *)at)->value);
		break;
	case KL_FORM_YESNO:
		kl_write_bool(w, *(const uint8_t *)at == KL_YES);
		break;
	case KL_FORM_LIST:
		write_list(w, at);
		break;
	case KL_FORM_SET:
		memcpy(&bits, at, sizeof bits);
		write_set(w, f->words, bits);
		break;
	default:
		kl_write_text(w, at);
	}
}

/* Cut, and said to be: eight of them and their values fit into one answer. */
static void cut(char text[SHOWN_MAX])
{
	char shown[WORDS_MAX];

	if (!kl_copy_text(shown, sizeof shown, text))
		(void)snprintf(text, SHOWN_MAX, "%s ...", shown);
}

void kl_write_policy_words(struct kl_writer *w, size_t field, const struct kl_policy *policy)
{
	static const char newer[] = "(in words of a newer version)";
	char text[SHOWN_MAX] = "";

	if (policy)
		kl_policy_words(field, policy, text, sizeof text);
	cut(text);
	if (policy && kl_policy_is_unknown(field, policy))
		(void)snprintf(
			text + strlen(text), sizeof newer + 2, "%s%s", text[0] ? "; " : "", newer);
	if (text[0])
		kl_write_text(w, text);
	else
		kl_write_nil(w);
}

/* ---- a whole policy ------------------------------------------------------------------------ */

static bool is_said(size_t field, const struct kl_policy *policy)
{
	return !kl_form_is_absent(&kl_policy_form.fields[field], policy) ||
	       kl_policy_is_unknown(field, policy);
}

static void put_name(struct kl_writer *w, size_t field)
{
	char key[KL_POLICY_KEY_MAX];

	kl_put_text(w, "field", kl_policy_key(field, key));
	kl_put_text(w, "label", kl_policy_form.fields[field].label);
}

void kl_put_policy_fields(struct kl_writer *w, const struct kl_policy *policy)
{
	size_t n = 0;

	for (size_t i = 0; i < kl_policy_form.n; i++)
		n += is_said(i, policy);
	kl_put_array(w, "fields", n);
	for (size_t i = 0; i < kl_policy_form.n; i++) {
		if (!is_said(i, policy))
			continue;
		kl_write_map(w, 4);
		put_name(w, i);
		kl_write_text(w, "value");
		kl_write_policy_value(w, i, policy);
		kl_write_text(w, "shown");
		kl_write_policy_words(w, i, policy);
	}
}

void kl_put_policy_changes(
	struct kl_writer *w, const struct kl_policy *before, const struct kl_policy *after)
{
	const struct kl_policy *from = before ? before : &nothing, *to = after ? after : &nothing;
	size_t n = 0;

	for (size_t i = 0; i < kl_policy_form.n; i++)
		n += !kl_policy_same(i, from, to);
	kl_put_array(w, "changes", n);
	for (size_t i = 0; i < kl_policy_form.n; i++) {
		if (kl_policy_same(i, from, to))
			continue;
		kl_write_map(w, 4);
		put_name(w, i);
		kl_write_text(w, "before");
		kl_write_policy_words(w, i, from);
		kl_write_text(w, "after");
		kl_write_policy_words(w, i, to);
	}
}

void kl_put_policy_class(
	struct kl_writer *w, const struct kl_policy *policy, enum kl_member_kind kind)
{
	char why[KL_POLICY_WHY_MAX];

	kl_put_text(w, "class", kl_policy_class_name(kl_policy_classify(policy, kind, why)));
	kl_put_text(w, "why", why);
}
