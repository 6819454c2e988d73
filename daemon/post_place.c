#include "daemon/post_place.h"
#include "core/area.h"
#include "core/words.h"
#include "daemon/reference.h"

#include <string.h>

static bool is_named(const struct kl_council *council, const char *name)
{
	return kl_words_equal(council->name, name) ||
	       kl_words_equal(kl_council_short(council), name);
}

static const char *code_of_name(struct kl_node *node, const char *name)
{
	const struct kl_roster *roster = node->network ? &node->network->roster : NULL;
	const struct kl_council *council;

	if (!kl_reference_find(node, name, &council, NULL) && is_named(council, name))
		return council->gss;
	for (size_t i = 0; roster && i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];

		if (m->attributes.kind == KL_MEMBER_COUNCIL && m->attributes.gss[0] &&
			kl_words_equal(m->name, name))
			return m->attributes.gss;
	}
	return NULL;
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
