/* Places as people name them, for asking about members: who works there, what they published.
 *
 * council area   where an anchor works, and a council's own: the GSS code that the roster confirms, or,
 *                if it has none, the one that the member's profile names; a code that is no more
 *                counts as today's where one council alone came of it (core/succession.h)
 * neighbourhood  a part of an area as members name it in their profiles; the same name in two areas is
 *                two neighbourhoods, and names are the same however their capitals and signs are
 * region         one of the list that profiles have */
#ifndef KL_DAEMON_WHICH_PLACE_H
#define KL_DAEMON_WHICH_PLACE_H

#include "daemon/network.h"
#include "daemon/reference.h"

enum kl_place_kind {
	KL_PLACE_ANY, /* nothing was asked for */
	KL_PLACE_AREA,
	KL_PLACE_REGION,
	KL_PLACE_NEIGHBOURHOOD, /* all whose names contain a text */
};

struct kl_which_place {
	enum kl_place_kind kind;
	char gss[KL_GSS_MAX];
	char region[KL_SLUG_MAX];
	char text[KL_PROFILE_TEXT_MAX];
};

/* What "place" of an ask means: "here" (the own council area), a GSS code, a region, a council by any
 * unambiguous part of its name (of the reference table, or on the roster), or a part of the name of
 * neighbourhoods: the first of these that fits. But a council where no member is gives way to a
 * neighbourhood of just that name: "Wells" is not Tunbridge Wells. KL_E_NOT_FOUND, KL_E_AMBIGUOUS. */
int kl_ask_place(struct kl_node *node, struct kl_ask *ask, struct kl_which_place *ret_place);

/* A member with what it said in public (NULL: nothing yet) and its council area ("": unknown). */
struct kl_placed {
	const struct kl_roster_member *member;
	const struct kl_member *said;
	const char *gss;
};

/* Member number `i` by name, of the network's order (daemon/roster_order.h), which must have been made. */
struct kl_placed kl_placed_at(const struct kl_network *network, size_t i);

/* Its region: as the roster confirms it, or as its profile says, or else that of its area, in the
 * reference table or of a council on the roster; "" if unknown. */
const char *kl_region_of(struct kl_node *node, const struct kl_placed *who);

/* Whether the member belongs to the place. */
bool kl_place_has(
	struct kl_node *node, const struct kl_which_place *place, const struct kl_placed *who);

/* "Calderdale (E08000033)", "West Midlands", "neighbourhoods called wem". Returns `out`. */
enum { KL_PLACE_WORDS_MAX = KL_AREA_NAME_MAX + KL_PROFILE_TEXT_MAX + 32 };
const char *kl_place_words(
	struct kl_node *node, const struct kl_which_place *place, char out[KL_PLACE_WORDS_MAX]);

#endif
