#include "daemon/which_area.h"
#include "core/succession.h"
#include "core/words.h"
#include "daemon/find.h"
#include "daemon/own_profile.h"
#include "daemon/reference.h"

#include <string.h>

int kl_own_area(struct kl_node *node, struct kl_area *ret_area, struct kl_fault *fault)
{
	struct kl_profile profile;
	int rc = kl_own_profile(node, &profile, fault);

	if (rc)
		return rc;
	if (profile.attributes.gss[0]) {
		rc = kl_area_parse(profile.attributes.gss, fault, ret_area);
	} else {
		rc = kl_fault(fault, KL_E_NOT_FOUND, "your own council area is not known yet");
		(void)kl_fault_hint(fault, "keeplocal profile set gss=E08000033, or --area here");
	}
	kl_profile_deinit(&profile);
	return rc;
}

/* The council area of a member of the roster, as the convenor confirmed it. */
static int area_of_member(
	struct kl_node *node, const char *text, struct kl_area *ret_area, struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	int rc = kl_find_member(node, text, &member, fault);

	if (rc)
		return rc;
	if (!member->attributes.gss[0])
		return kl_fault(
			fault, KL_E_NOT_FOUND, "the roster has no GSS code of %s", member->name);
	return kl_area_parse(member->attributes.gss, fault, ret_area);
}

/* A council by its name in the table of councils, or one that is no more by its own. */
static int area_by_name(
	struct kl_node *node, const char *text, struct kl_area *ret_area, struct kl_fault *fault)
{
	const struct kl_succession *change = kl_succession_find(text);
	const struct kl_council *council;
	int rc;

	*fault = (struct kl_fault){0};
	rc = kl_reference_find(node, text, &council, fault);
	if (rc != KL_E_NOT_FOUND)
		return rc ? rc : kl_area_parse(council->gss, fault, ret_area);
	if (!change)
		return rc;
	*fault = (struct kl_fault){0};
	return kl_area_parse(change->from, fault, ret_area);
}

int kl_which_area(
	struct kl_node *node, const char *text, struct kl_area *ret_area, struct kl_fault *fault)
{
	struct kl_fault as_name = {0};
	int rc = kl_area_parse(text, fault, ret_area);

	if (!rc || rc == KL_E_TOO_BIG || rc == KL_E_RANGE)
		return rc;
	if (kl_words_equal(text, node->home.identity.name))
		return kl_own_area(node, ret_area, fault);
	if (node->network && area_of_member(node, text, ret_area, &as_name) != KL_E_NOT_FOUND) {
		if (as_name.code)
			*fault = as_name;
		return as_name.code;
	}
	if (!area_by_name(node, text, ret_area, &as_name) || as_name.code == KL_E_AMBIGUOUS) {
		if (as_name.code)
			*fault = as_name;
		return as_name.code;
	}
	kl_fault(fault, rc, "'%.80s' is no area that is known here", text);
	return kl_fault_hint(fault,
		"write E08000033, or HX1 HX2, or 12km 50.80,-1.90, or the name of a council on the "
		"roster or in the table of councils");
}
