#include "core/post.h"
#include "core/commissioning.h"

#include <string.h>

#define POST(member) offsetof(struct kl_post, member)

static const struct kl_form_field fields[] = {
	{"title", "Title", KL_FORM_TEXT, POST(title), KL_POST_TITLE_MAX, NULL, 0, 0},
	{"text", "Text", KL_FORM_PROSE, POST(text), KL_POST_TEXT_MAX, NULL, 0, 0},
	{"place", "Place", KL_FORM_TEXT, POST(place), KL_POST_PLACE_MAX, NULL, 0, 0},
	{"period", "When", KL_FORM_PERIOD, POST(period), KL_PERIOD_TEXT_MAX, NULL, 0, 0},
	{"characteristics", "Characteristics", KL_FORM_SET, POST(characteristics), 0,
		kl_characteristic_words, 0, 0},
	{"stages", "Stages of commissioning", KL_FORM_SET, POST(stages), 0, kl_commissioning_stages,
		0, 0},
	{"routes", "Routes", KL_FORM_SET, POST(routes), 0, kl_routes, 0, 0},
	{"services", "Services", KL_FORM_LIST, POST(services), 0, NULL, 0, 0},
	{"barriers", "Barriers", KL_FORM_SET, POST(barriers), 0, kl_barriers, 0, 0},
	{"outcome", "Outcome", KL_FORM_SLUG, POST(outcome), KL_SLUG_MAX, kl_lesson_outcomes, 0, 0},
	{"links", "Links", KL_FORM_LIST, POST(links), 0, NULL, 0, 0},
};

const struct kl_form_table kl_post_form = {fields, sizeof fields / sizeof *fields};

const char *kl_post_kind_name(enum kl_post_kind kind)
{
	return kind == KL_LESSON     ? "lesson"
	       : kind == KL_QUESTION ? "question"
	       : kind == KL_ANSWER   ? "answer"
				     : "unknown";
}

void kl_post_init(struct kl_post *post, enum kl_post_kind kind)
{
	memset(post, 0, sizeof *post);
	post->kind = kind;
}

void kl_post_deinit(struct kl_post *post)
{
	if (!post)
		return;
	kl_form_clear_list(&post->services);
	kl_form_clear_list(&post->links);
}

static int check_links(const struct kl_post *post, struct kl_fault *fault)
{
	for (size_t i = 0; i < post->links.n; i++)
		if (!kl_web_is_valid(post->links.items[i]))
			return kl_fault(fault, KL_E_INVALID,
				"links: addresses that begin with https:// were expected, not '%s'",
				post->links.items[i]);
	return KL_OK;
}

int kl_post_set(struct kl_post *post, const char *field, const char *value, struct kl_fault *fault)
{
	int rc = kl_form_table_set(&kl_post_form, post, field, value, fault);

	return rc ? rc : check_links(post, fault);
}

static int check_whole(const struct kl_post *post, struct kl_fault *fault)
{
	static const struct kl_id none;
	bool about = !kl_id_equal(&post->about, &none);

	if (post->kind < KL_LESSON || post->kind > KL_ANSWER)
		return kl_fault(fault, KL_E_INVALID, "this is no lesson, question or answer");
	if (post->kind == KL_ANSWER && !(about && post->text[0]))
		return kl_fault(fault, KL_E_INVALID,
			"an answer has a text, and says what it is an answer to");
	if (post->kind != KL_ANSWER && about)
		return kl_fault(fault, KL_E_INVALID, "only answers are about another record");
	if (post->kind != KL_ANSWER && !post->title[0])
		return kl_fault(fault, KL_E_INVALID, "title: every %s has one",
			kl_post_kind_name(post->kind));
	return KL_OK;
}

int kl_post_check(const struct kl_post *post, struct kl_fault *fault)
{
	int rc = check_whole(post, fault);

	if (!rc)
		rc = kl_form_table_check(&kl_post_form, post, fault);
	return rc ? rc : check_links(post, fault);
}
