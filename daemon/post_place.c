#include "daemon/post_place.h"
#include "core/area.h"
#include "core/words.h"
#include "daemon/reference.h"

#include <stdio.h>
#include <string.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* kl_words_equal(), fast for the many names that begin otherwise: a table of lessons asks 200 times. */
static bool is_same(const char *a, const char *b)
{
	if (is_letter(*a) && is_letter(*b) && (*a ^ *b) & ~0x20)
		return false;
	return kl_words_equal(a, b);
}

/* The one council of the reference table of that name. */
static const char *code_in_table(struct kl_node *node, const char *name)
{
	const struct kl_reference *table;
	const struct kl_council *found = NULL;

	if (kl_reference_get(node, &table, NULL))
		return NULL;
	for (size_t i = 0; i < table->n; i++) {
		const struct kl_council *council = &table->items[i];

		if (!is_same(council->name, name) && !is_same(kl_council_short(council), name))
			continue;
		if (found)
			return NULL;
		found = council;
	}
	return found ? found->gss : NULL;
}

/* "Example" is "Example Council", too. */
static const char *code_on_roster(struct kl_node *node, const char *name)
{
	const struct kl_roster *roster = node->network ? &node->network->roster : NULL;
	char whole[KL_POST_PLACE_MAX + 16];

	(void)snprintf(whole, sizeof whole, "%s Council", name);
	for (size_t i = 0; roster && i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];

		if (m->attributes.kind == KL_MEMBER_COUNCIL && m->attributes.gss[0] &&
			(is_same(m->name, name) || is_same(m->name, whole)))
			return m->attributes.gss;
	}
	return NULL;
}

static const char *code_of_name(struct kl_node *node, const char *name)
{
	const char *code = code_in_table(node, name);

	return code ? code : code_on_roster(node, name);
}

bool kl_post_place_code(struct kl_node *node, const char *place, char ret_gss[KL_GSS_MAX])
{
	char code[KL_GSS_MAX] = "";
	const char *found = NULL;

	if (strlen(place) == KL_GSS_MAX - 1) {
		(void)kl_copy_text(code, sizeof code, place);
		if (code[0] >= 'a' && code[0] <= 'z')
			code[0] = (char)(code[0] - 'a' + 'A');
		found = kl_area_is_gss(code) ? code : NULL;
	}
	if (!found)
		found = code_of_name(node, place);
	if (found)
		(void)kl_copy_text(ret_gss, KL_GSS_MAX, found);
	return found;
}

void kl_post_place_settle(struct kl_node *node, char place[KL_POST_PLACE_MAX])
{
	char gss[KL_GSS_MAX];

	if (kl_post_place_code(node, place, gss))
		(void)kl_copy_text(place, KL_POST_PLACE_MAX, gss);
}

const char *kl_post_place_name(struct kl_node *node, const char *place, char out[KL_POST_PLACE_MAX])
{
	char name[KL_AREA_NAME_MAX];

	(void)kl_copy_text(out, KL_POST_PLACE_MAX,
		kl_area_is_gss(place) ? kl_area_name(node, place, name) : place);
	return out;
}
