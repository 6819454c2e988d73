#include "daemon/which_place.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/find.h"
#include "daemon/which_area.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kl_placed kl_placed_at(const struct kl_network *network, size_t i)
{
	const struct kl_roster_member *member = network->order.by_name[i];
	struct kl_placed who = {member, kl_members_find(&network->members, &member->identity),
		network->order.gss[i]};

	if (!who.gss[0] && who.said)
		who.gss = kl_gss_today(who.said->profile.attributes.gss);
	return who;
}

const char *kl_region_of(struct kl_node *node, const struct kl_placed *who)
{
	const struct kl_roster_member *member = NULL;
	const struct kl_council *council;
	struct kl_network *network = node->network;

	if (who->member->attributes.region[0])
		return who->member->attributes.region;
	if (who->said && who->said->profile.attributes.region[0])
		return who->said->profile.attributes.region;
	council = kl_reference_gss(node, who->gss);
	if (council)
		return council->region;
	if (!kl_roster_order_make(&network->order, &network->roster))
		member = kl_roster_order_council(&network->order, who->gss);
	return member ? member->attributes.region : "";
}

/* ---- by name --------------------------------------------------------------------------------- */

/* The councils of the roster that have a code. */
struct councils {
	const struct kl_roster_member **items;
	size_t n;
};

static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct councils *councils = context;

	return which ? NULL : councils->items[index]->name;
}

static int on_roster(const struct kl_roster *roster, const char *text, struct kl_which_place *place,
	struct kl_fault *fault)
{
	struct councils councils = {calloc(roster->n_members + 1, sizeof *councils.items), 0};
	struct kl_words words = {0, spelling, &councils};
	size_t index;
	int rc;

	if (!councils.items)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	for (size_t i = 0; i < roster->n_members; i++)
		if (roster->members[i].attributes.kind == KL_MEMBER_COUNCIL &&
			roster->members[i].attributes.gss[0])
			councils.items[councils.n++] = &roster->members[i];
	words.count = councils.n;
	rc = kl_words_find(&words, "council", text, &index, fault);
	if (!rc)
		(void)kl_copy_text(
			place->gss, sizeof place->gss, councils.items[index]->attributes.gss);
	free(councils.items);
	return rc;
}

static int by_council(struct kl_node *node, const char *text, struct kl_which_place *place,
	struct kl_fault *fault)
{
	const struct kl_council *council;
	int rc = kl_reference_find(node, text, &council, fault);

	if (!rc)
		(void)kl_copy_text(place->gss, sizeof place->gss, council->gss);
	else if (rc == KL_E_NOT_FOUND)
		rc = on_roster(&node->network->roster, text, place, fault);
	if (!rc)
		place->kind = KL_PLACE_AREA;
	return rc;
}

/* The own area: as the convenor confirmed it, or else as the own profile says. */
static int own_area(struct kl_node *node, struct kl_which_place *place, struct kl_fault *fault)
{
	const struct kl_roster_member *self = kl_network_self(node->network);
	struct kl_area area;
	int rc = KL_OK;

	place->kind = KL_PLACE_AREA;
	if (self && self->attributes.gss[0])
		(void)kl_copy_text(place->gss, sizeof place->gss, self->attributes.gss);
	else if (!(rc = kl_own_area(node, &area, fault)))
		(void)kl_copy_text(place->gss, sizeof place->gss, area.codes[0]);
	return rc;
}

static bool by_region(const char *text, struct kl_which_place *place)
{
	for (const struct kl_slug *it = kl_regions; it->slug; it++)
		if (kl_words_equal(text, it->slug) || kl_words_equal(text, it->name)) {
			place->kind = KL_PLACE_REGION;
			return kl_copy_text(place->region, sizeof place->region, it->slug);
		}
	return false;
}

static bool by_neighbourhood(const struct kl_network *network, const char *text,
	bool (*fits)(const char *name, const char *text), struct kl_which_place *place)
{
	for (size_t m = 0; m < network->members.n; m++) {
		const struct kl_text_list *list =
			&network->members.items[m]->profile.neighbourhoods;

		for (size_t i = 0; i < list->n; i++)
			if (fits(list->items[i], text)) {
				place->kind = KL_PLACE_NEIGHBOURHOOD;
				place->gss[0] = '\0';
				return true;
			}
	}
	return false;
}

/* Whether a member works in the area, or is its council. */
static bool is_anybody_in(struct kl_network *network, const char *gss)
{
	const char *today = kl_gss_today(gss);

	if (kl_roster_order_make(&network->order, &network->roster))
		return true;
	for (size_t i = 0; i < network->order.n; i++)
		if (!strcmp(kl_placed_at(network, i).gss, today))
			return true;
	return false;
}

/* A GSS code, also with a small letter. */
static bool is_code(const char *text, char ret_gss[KL_GSS_MAX])
{
	char gss[KL_GSS_MAX];

	if (!kl_copy_text(gss, sizeof gss, text))
		return false;
	if (gss[0] >= 'a' && gss[0] <= 'z')
		gss[0] = (char)(gss[0] - 'a' + 'A');
	return kl_gss_is_valid(gss) && kl_copy_text(ret_gss, KL_GSS_MAX, gss);
}

int kl_ask_place(struct kl_node *node, struct kl_ask *ask, struct kl_which_place *ret_place)
{
	struct kl_which_place place = {.kind = KL_PLACE_ANY};
	struct kl_fault as_council = {0};
	struct kl_network *network;
	int rc = kl_need_network(node, &network, &ask->fault);

	if (!rc)
		rc = kl_ask_text(ask, "place", place.text, sizeof place.text);
	if (rc)
		return rc;
	if (kl_words_equal(place.text, "here"))
		rc = own_area(node, &place, &as_council);
	else if (is_code(place.text, place.gss)) {
		place.kind = KL_PLACE_AREA;
	} else if (place.text[0] && !by_region(place.text, &place)) {
		rc = by_council(node, place.text, &place, &as_council);
		if (rc ? by_neighbourhood(network, place.text, kl_words_contain, &place)
		       : !is_anybody_in(network, place.gss) && by_neighbourhood(network, place.text,
								       kl_words_equal, &place))
			rc = KL_OK;
	}
	if (rc == KL_E_NOT_FOUND && !kl_words_equal(place.text, "here")) {
		kl_fault(&ask->fault, rc, "no council, region or neighbourhood fits \"%.80s\"",
			place.text);
		return kl_fault_hint(&ask->fault,
			"write E08000033, or a part of the name of a council on the roster or in "
			"your table of councils, or of a neighbourhood that a member names");
	}
	if (rc) {
		ask->fault = as_council;
		return kl_words_equal(place.text, "here")
			       ? kl_fault_hint(&ask->fault, "keeplocal profile set gss=E08000033")
			       : rc;
	}
	(void)kl_copy_text(place.gss, sizeof place.gss, kl_gss_today(place.gss));
	*ret_place = place;
	return KL_OK;
}

/* ---- what is there --------------------------------------------------------------------------- */

bool kl_place_has(
	struct kl_node *node, const struct kl_which_place *place, const struct kl_placed *who)
{
	switch (place->kind) {
	case KL_PLACE_AREA:
		return !strcmp(who->gss, place->gss);
	case KL_PLACE_REGION:
		return !strcmp(kl_region_of(node, who), place->region);
	case KL_PLACE_NEIGHBOURHOOD:
		for (size_t i = 0; who->said && i < who->said->profile.neighbourhoods.n; i++)
			if (kl_words_contain(
				    who->said->profile.neighbourhoods.items[i], place->text))
				return true;
		return false;
	default:
		return true;
	}
}

const char *kl_place_words(
	struct kl_node *node, const struct kl_which_place *place, char out[KL_PLACE_WORDS_MAX])
{
	char area[KL_AREA_NAME_MAX];

	out[0] = '\0';
	if (place->kind == KL_PLACE_AREA)
		(void)kl_copy_text(out, KL_PLACE_WORDS_MAX, kl_area_name(node, place->gss, area));
	if (place->kind == KL_PLACE_NEIGHBOURHOOD)
		(void)snprintf(out, KL_PLACE_WORDS_MAX, "neighbourhoods called %s", place->text);
	for (const struct kl_slug *it = kl_regions; place->kind == KL_PLACE_REGION && it->slug;
		it++)
		if (!strcmp(it->slug, place->region))
			(void)kl_copy_text(out, KL_PLACE_WORDS_MAX, it->name);
	return out;
}
