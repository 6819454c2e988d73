#include "daemon/find.h"
#include "core/succession.h"
#include "core/words.h"
#include "protocol/memberid.h"

#include <stdlib.h>
#include <string.h>

/* Spellings of a member: its name, the GSS code that the roster confirms, its identifiers, the code of
 * what it says to replace. */
static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct kl_network *network = context;
	const struct kl_roster_member *m = &network->roster.members[index];
	const struct kl_member *said;

	if (which == 0)
		return m->name;
	if (m->attributes.gss[0] && --which == 0)
		return m->attributes.gss;
	said = kl_members_find(&network->members, &m->identity);
	if (!said || !said->has_profile)
		return NULL;
	if (said->profile.org_id[0] && --which == 0)
		return said->profile.org_id;
	if (said->profile.replaces[0] && --which == 0)
		return said->profile.replaces;
	return which - 1 < said->profile.other_org_ids.n
		       ? said->profile.other_org_ids.items[which - 1]
		       : NULL;
}

/* ---- by council codes ------------------------------------------------------------------------ */

/* The councils of the roster with one of these codes: how many, and the last of them. */
static size_t councils_with(const struct kl_roster *roster, const char *const *codes, size_t n,
	const struct kl_roster_member **ret_member)
{
	size_t found = 0;

	for (size_t i = 0; i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];

		for (size_t k = 0; k < n; k++)
			if (m->attributes.kind == KL_MEMBER_COUNCIL &&
				!strcmp(m->attributes.gss, codes[k])) {
				*ret_member = m;
				found++;
			}
	}
	return found;
}

/* Anchors share the code of the area that they work in: a code alone means the council. */
static bool find_council(const struct kl_roster *roster, const char *text,
	const struct kl_roster_member **ret_member)
{
	char gss[KL_GSS_MAX];
	const char *code = gss;

	return kl_gss_typed(text, gss) && councils_with(roster, &code, 1, ret_member) == 1;
}

/* By the code or name of a council that is no more, whoever stands in its place. */
static int find_successor(const struct kl_roster *roster, const char *text,
	const struct kl_roster_member **ret_member, struct kl_fault *fault)
{
	const struct kl_succession *change = kl_succession_find(text);
	const char *today[KL_SUCCESSORS_MAX];
	char words[KL_SUCCESSION_WORDS_MAX];
	size_t n = change ? kl_succession_today(change->from, today) : 0;
	size_t found = n ? councils_with(roster, today, n, ret_member) : 0;

	if (!change || found == 1)
		return found == 1 ? KL_OK : KL_E_NOT_FOUND;
	kl_fault(fault, found ? KL_E_AMBIGUOUS : KL_E_NOT_FOUND, "%s",
		kl_succession_words(change, words));
	return kl_fault_hint(fault, "%s",
		found ? "other parts went elsewhere: name the council that you mean"
		      : "that council is not on the roster");
}

/* ---- finding --------------------------------------------------------------------------------- */

int kl_need_network(
	const struct kl_node *node, struct kl_network **ret_network, struct kl_fault *fault)
{
	if (node->network) {
		*ret_network = node->network;
		return KL_OK;
	}
	kl_fault(fault, KL_E_DENIED, "this member is in no network yet");
	kl_fault_hint(fault, node->home.identity.kind == KL_MEMBER_CONVENOR
				     ? "found one: keeplocal network create NAME"
				     : "give the convenor your member id (keeplocal status), get a "
				       "ticket, then: "
				       "keeplocal join TICKET");
	return KL_E_DENIED;
}

int kl_need_convenor(
	const struct kl_node *node, struct kl_network **ret_network, struct kl_fault *fault)
{
	int rc = kl_need_network(node, ret_network, fault);

	if (rc)
		return rc;
	if (!kl_network_is_convenor(*ret_network))
		return kl_fault(fault, KL_E_DENIED, "only the convenor of the network can do this");
	return KL_OK;
}

int kl_find_member(const struct kl_node *node, const char *text,
	const struct kl_roster_member **ret_member, struct kl_fault *fault)
{
	struct kl_network *network;
	struct kl_memberid id;
	struct kl_words words = {0};
	struct kl_fault unfound = {0}, successor = {0};
	size_t index;
	int rc = kl_need_network(node, &network, fault);

	if (rc)
		return rc;
	if (!kl_memberid_parse(text, &id, NULL)) {
		*ret_member = kl_roster_find(&network->roster, &id.identity);
		return *ret_member ? KL_OK
				   : kl_fault(fault, KL_E_NOT_FOUND,
					     "this member id is not on the roster");
	}
	if (find_council(&network->roster, text, ret_member))
		return KL_OK;
	words.count = network->roster.n_members;
	words.spelling = spelling;
	words.context = network;
	words.names_first = true;
	rc = kl_words_find(&words, "member", text, &index, &unfound);
	if (!rc) {
		*ret_member = &network->roster.members[index];
		return KL_OK;
	}
	if (rc == KL_E_NOT_FOUND &&
		(!find_successor(&network->roster, text, ret_member, &successor) ||
			successor.code)) {
		if (successor.code && fault)
			*fault = successor;
		return successor.code;
	}
	if (rc == KL_E_NOT_FOUND && !unfound.hint[0])
		kl_fault_hint(&unfound, "keeplocal network members lists all of them");
	if (fault)
		*fault = unfound;
	return rc;
}

/* Some members of the roster, as words. */
struct some {
	const struct kl_network *network;
	size_t *rows;
};

static const char *spelling_of_some(const void *context, size_t index, size_t which)
{
	const struct some *some = context;

	return spelling(some->network, some->rows[index], which);
}

/* The one of those that fit which `text` means. */
static int find_fitting(const struct kl_network *network, const char *text, kl_member_fits_fn *fits,
	const struct kl_roster_member **ret_member)
{
	const struct kl_roster *roster = &network->roster;
	struct some some = {network, calloc(roster->n_members + 1, sizeof *some.rows)};
	struct kl_words words = {0, spelling_of_some, &some, true};
	struct kl_fault said = {0};
	size_t index;
	int rc;

	if (!some.rows)
		return KL_E_NOMEM;
	for (size_t i = 0; i < roster->n_members; i++)
		if (fits(network, &roster->members[i]))
			some.rows[words.count++] = i;
	rc = words.count ? kl_words_find(&words, "member", text, &index, &said) : KL_E_NOT_FOUND;
	if (!rc)
		*ret_member = &roster->members[some.rows[index]];
	free(some.rows);
	return rc;
}

int kl_find_member_who(const struct kl_node *node, const char *text, kl_member_fits_fn *fits,
	const struct kl_roster_member **ret_member, struct kl_fault *fault)
{
	int rc = kl_find_member(node, text, ret_member, fault);

	if (rc != KL_E_AMBIGUOUS || find_fitting(node->network, text, fits, ret_member))
		return rc;
	memset(fault, 0, sizeof *fault);
	return KL_OK;
}

const char *kl_member_name(const struct kl_network *network, const struct kl_id *id)
{
	const struct kl_roster_member *m = kl_roster_find(&network->roster, id);

	if (m)
		return m->name;
	return kl_roster_is_convenor(&network->roster, id) ? "the convenor" : "a former member";
}

const char *kl_short_id(const struct kl_id *id, char out[KL_SHORT_ID_MAX])
{
	kl_hex(id->b, (KL_SHORT_ID_MAX - 1) / 2, out);
	return out;
}

static void put_id(
	struct kl_writer *w, const char *key, const char *short_key, const struct kl_id *id)
{
	char text[KL_ID_HEX_MAX];

	if (!id) {
		kl_put_nil(w, key);
		kl_put_nil(w, short_key);
		return;
	}
	kl_hex(id->b, KL_ID_BYTES, text);
	kl_put_text(w, key, text);
	kl_put_text(w, short_key, kl_fingerprint(id, text));
}

void kl_put_trust(struct kl_writer *w, const struct kl_network *network)
{
	put_id(w, "network_id", "network_short", network ? &network->ticket.network : NULL);
	put_id(w, "convenor_id", "convenor_short", network ? &network->ticket.convenor : NULL);
}
