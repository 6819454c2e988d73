/* network ...: what the convenor does, and what everybody may see of the roster. join: the way in. */
#include "core/period.h"
#include "core/words.h"
#include "daemon/alike_members.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enact.h"
#include "daemon/find.h"
#include "daemon/log.h"
#include "daemon/network.h"
#include "daemon/profile_answer.h"
#include "daemon/reference.h"
#include "protocol/memberid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int take_dry(struct kl_ask *ask, bool *ret_dry)
{
	if (kl_get_bool_or(&ask->args, "dry_run", false, ret_dry))
		return kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	return KL_OK;
}

/* ---- founding, tickets, joining ------------------------------------------------------------- */

/* A convenor without --bind can be reached by nobody. */
static int own_endpoint(
	const struct kl_node *node, char out[KL_ENDPOINT_MAX], struct kl_fault *fault)
{
	const char *address = kl_network_address(node);

	if (!address[0] && kl_links_endpoint(node->links)[0]) {
		kl_fault(fault, KL_E_CONFIG,
			"nobody knows yet by which address this daemon is reached");
		kl_fault_hint(fault, "start it with --advertise tcp://ADDRESS:7700, too "
				     "(or `advertise =` in the settings)");
		return KL_E_CONFIG;
	}
	if (!address[0]) {
		kl_fault(fault, KL_E_CONFIG, "nobody could reach this daemon: it listens nowhere");
		kl_fault_hint(fault,
			"start it with --bind tcp://ADDRESS:7700 (or `bind =` in the settings)");
		return KL_E_CONFIG;
	}
	(void)kl_copy_text(out, KL_ENDPOINT_MAX, address);
	return KL_OK;
}

static int ticket_of(const struct kl_node *node, const struct kl_id *network,
	char out[KL_TICKET_TEXT_MAX], struct kl_fault *fault)
{
	const struct kl_identity *self = &node->home.identity;
	struct kl_ticket ticket = {
		.network = *network, .convenor = self->sign.public_key, .n_endpoints = 1};
	int rc = own_endpoint(node, ticket.endpoints[0].address, fault);

	if (rc)
		return rc;
	if (node->network) /* the first one: from its feed everything follows */
		ticket.convenor = node->network->ticket.convenor;
	memcpy(ticket.endpoints[0].curve_key, self->curve.public_key.b, KL_CURVE_KEY_BYTES);
	rc = kl_ticket_format(&ticket, out);
	return rc ? kl_fault(fault, rc, "no ticket can be made for %s", ticket.endpoints[0].address)
		  : KL_OK;
}

/* Takes back a founding that did not reach its first record. */
static void abandon(struct kl_node *node)
{
	kl_network_stop(node->network);
	(void)kl_home_destroy(&node->home, "ticket", NULL);
}

static int found(
	struct kl_node *node, const struct kl_network_create *create, struct kl_fault *fault)
{
	char ticket[KL_TICKET_TEXT_MAX];
	struct kl_writer w;
	int rc = ticket_of(node, &create->network, ticket, fault);

	if (rc || (rc = kl_home_keep_ticket(&node->home, ticket, fault)))
		return rc;
	kl_writer_init(&w);
	kl_network_create_write(&w, create);
	rc = kl_network_start(node, fault);
	if (!rc)
		rc = kl_enact(node->network, KL_KIND_NETWORK_CREATE, &w, false, fault);
	kl_writer_deinit(&w);
	if (rc)
		abandon(node);
	return rc;
}

/* Whether the network could be founded; no ticket is kept and no network started. */
static int found_dry(
	struct kl_node *node, const struct kl_network_create *create, struct kl_fault *fault)
{
	const struct kl_sign_keys *sign = &node->home.identity.sign;
	const struct kl_author author = {create->network, {sign->public_key, 0}, sign};
	const struct kl_head head = {0};
	char ticket[KL_TICKET_TEXT_MAX];
	struct kl_roster roster;
	struct kl_bytes payload;
	struct kl_writer w;
	int rc = ticket_of(node, &create->network, ticket, fault);

	if (rc)
		return rc;
	kl_writer_init(&w);
	kl_network_create_write(&w, create);
	kl_roster_init(&roster, &create->network, &sign->public_key);
	rc = kl_writer_bytes(&w, &payload);
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_rehearse(&author, &head, &roster, KL_KIND_NETWORK_CREATE, payload, fault);
	kl_roster_deinit(&roster);
	kl_writer_deinit(&w);
	return rc;
}

/* A machine that stopped in the middle of the last attempt left a network without a record. */
static bool is_half_founded(const struct kl_node *node)
{
	return node->network && kl_network_is_convenor(node->network) && !node->network->head.seq &&
	       !node->network->roster.version;
}

static int may_found(const struct kl_node *node, struct kl_fault *fault)
{
	const struct kl_identity *self = &node->home.identity;

	if (node->network && !is_half_founded(node)) {
		kl_fault(fault, KL_E_EXISTS, "this home already belongs to a network");
		return kl_fault_hint(fault,
			"keeplocal status names it; another network takes another home: keeplocal "
			"--home DIR init");
	}
	if (self->kind == KL_MEMBER_CONVENOR)
		return KL_OK;
	kl_fault(fault, KL_E_DENIED, "a network is founded by a convenor, and this is a %s",
		kl_member_kind_name(self->kind));
	kl_fault_hint(fault, "make a home for the convenor: keeplocal --home DIR init "
			     "--name NAME --kind convenor");
	return KL_E_DENIED;
}

int kl_cmd_network_create(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	const struct kl_identity *self = &node->home.identity;
	struct kl_network_create create = {0};
	uint8_t entropy[32];
	bool dry;
	int rc = may_found(node, &ask->fault);

	if (!rc)
		rc = take_dry(ask, &dry);
	if (rc)
		return rc;
	if (is_half_founded(node) && !dry)
		abandon(node);
	if (kl_get_text(&ask->args, "name", create.name, sizeof create.name) || !create.name[0])
		return kl_fault(&ask->fault, KL_E_USAGE, "a network needs a name of one line");
	kl_node_entropy(entropy);
	memcpy(create.nonce, entropy, sizeof create.nonce);
	memcpy(create.curve_key, self->curve.public_key.b, sizeof create.curve_key);
	kl_network_id(&self->sign.public_key, create.name, create.nonce, &create.network);
	rc = (dry ? found_dry : found)(node, &create, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 2);
	kl_put_text(&ask->out, "network", create.name);
	kl_put_bool(&ask->out, "published", !dry);
	return kl_ask_answer(ask);
}

int kl_cmd_network_ticket(void *data, struct kl_ask *ask)
{
	char text[KL_TICKET_TEXT_MAX];
	struct kl_network *network;
	int rc = kl_need_convenor(data, &network, &ask->fault);

	if (!rc)
		rc = ticket_of(data, &network->ticket.network, text, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 1 + KL_TRUST_KEYS);
	kl_put_trust(&ask->out, network);
	kl_put_text(&ask->out, "ticket", text);
	return kl_ask_answer(ask);
}

int kl_cmd_join(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	char ticket[KL_TICKET_TEXT_MAX];
	struct kl_ticket parsed;
	int rc;

	if (kl_get_text(&ask->args, "ticket", ticket, sizeof ticket))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"a ticket is one line of text that the convenor "
			"hands out");
	rc = kl_home_keep_ticket(&node->home, ticket, &ask->fault);
	if (!rc && !node->network)
		rc = kl_network_start(node, &ask->fault);
	else if (!rc && !kl_ticket_parse(ticket, &parsed, NULL))
		kl_network_readdress(node->network, &parsed);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 1);
	kl_put_text(&ask->out, "state",
		kl_network_self(node->network) ? "on the roster" : "calling the convenor");
	return kl_ask_answer(ask);
}

/* ---- the roster ----------------------------------------------------------------------------- */

enum {
	ATTRIBUTES_PUT = 7,
	MEMBERS_SHOWN_MAX = 250, /* of one answer: the longest rows of so many fit */
};

static void put_attributes(struct kl_writer *w, const struct kl_attributes *a)
{
	kl_put_text(w, "kind", kl_member_kind_name(a->kind));
	kl_put_text(w, "type", a->type[0] ? a->type : NULL);
	kl_put_text(w, "gss", a->gss[0] ? a->gss : NULL);
	kl_put_text(w, "region", a->region[0] ? a->region : NULL);
	kl_write_text(w, "deprivation_quintile");
	if (a->deprivation_quintile)
		kl_write_uint(w, a->deprivation_quintile);
	else
		kl_write_nil(w);
	kl_put_text(w, "rural_urban", a->rural_urban[0] ? a->rural_urban : NULL);
	kl_put_text(w, "income_band", a->income_band[0] ? a->income_band : NULL);
}

static void put_member(
	struct kl_network *network, struct kl_writer *w, const struct kl_roster_member *m)
{
	char area[KL_AREA_NAME_MAX];
	struct kl_feed_state feed;

	kl_write_map(w, 5 + ATTRIBUTES_PUT);
	kl_put_text(w, "name", m->name);
	put_attributes(w, &m->attributes);
	kl_put_said(w, "place", kl_area_name(network->node, m->attributes.gss, area));
	kl_put_text(w, "state", kl_member_state_name(m->state));
	kl_put_bool(w, "forked",
		!kl_sync_feed(network->sync, &(struct kl_feed_key){m->identity, m->epoch}, &feed) &&
			feed.forked);
	kl_put_bool(w, "linked",
		kl_id_equal(&m->identity, &network->own.author) ||
			kl_links_with(network->node->links, &m->identity));
}

/* The first member after `after` on a roster that is sorted by identity. */
static size_t first_after(const struct kl_roster *roster, const struct kl_id *after)
{
	size_t i = 0;

	while (i < roster->n_members &&
		memcmp(roster->members[i].identity.b, after->b, KL_ID_BYTES) <= 0)
		i++;
	return i;
}

/* "after" asks for those that did not fit before: it is what the answer then called "next". A member
 * that is admitted meanwhile moves nobody from one answer to another. */
static int first_asked_for(const struct kl_roster *roster, struct kl_ask *ask, size_t *ret_first)
{
	char hex[2 * KL_ID_BYTES + 1];
	struct kl_id after;

	if (kl_get_text_or(&ask->args, "after", "", hex, sizeof hex) ||
		(hex[0] && kl_hex_parse(hex, after.b, KL_ID_BYTES)))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"after: expected what the last answer called \"next\"");
	*ret_first = hex[0] ? first_after(roster, &after) : 0;
	return KL_OK;
}

/* Which members are asked for: what is empty or 0 fits everybody. */
struct wanted_members {
	struct kl_attributes attributes; /* kind, type and region of it */
	char words[KL_MEMBER_NAME_MAX];  /* a part of the name */
};

static int read_wanted(struct kl_ask *ask, struct wanted_members *ret_wanted)
{
	static const char *const fields[] = {"kind", "type", "region"};
	struct wanted_members wanted = {.words = ""};
	char value[KL_PROFILE_TEXT_MAX];
	int rc = kl_ask_text(ask, "words", wanted.words, sizeof wanted.words);

	for (size_t i = 0; !rc && i < sizeof fields / sizeof *fields; i++) {
		rc = kl_ask_text(ask, fields[i], value, sizeof value);
		if (!rc && value[0])
			rc = kl_attributes_set(&wanted.attributes, fields[i], value, &ask->fault);
	}
	if (!rc)
		*ret_wanted = wanted;
	return rc;
}

static bool is_wanted(const struct wanted_members *wanted, const struct kl_roster_member *m)
{
	const struct kl_attributes *asked = &wanted->attributes, *has = &m->attributes;

	return (!asked->kind || asked->kind == has->kind) &&
	       (!asked->type[0] || !strcmp(asked->type, has->type)) &&
	       (!asked->region[0] || !strcmp(asked->region, has->region)) &&
	       (!wanted->words[0] || kl_words_contain(m->name, wanted->words));
}

static bool asks_for_all(const struct wanted_members *wanted)
{
	const struct kl_attributes *asked = &wanted->attributes;

	return !asked->kind && !asked->type[0] && !asked->region[0] && !wanted->words[0];
}

int kl_cmd_network_members(void *data, struct kl_ask *ask)
{
	const struct kl_roster_member *shown[MEMBERS_SHOWN_MAX];
	const struct kl_roster *roster;
	struct kl_writer *w = &ask->out;
	struct kl_feed_state feed;
	struct wanted_members wanted;
	struct kl_network *network;
	char hex[2 * KL_ID_BYTES + 1];
	size_t first = 0, end, n = 0;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (rc || (rc = first_asked_for(&network->roster, ask, &first)) ||
		(rc = read_wanted(ask, &wanted)))
		return rc;
	roster = &network->roster;
	for (end = first; end < roster->n_members && n < MEMBERS_SHOWN_MAX; end++)
		if (is_wanted(&wanted, &roster->members[end]))
			shown[n++] = &roster->members[end];
	kl_write_map(w, 7);
	kl_put_text(w, "convenor", kl_member_name(network, &roster->feed.author));
	kl_put_bool(w, "roster_forked",
		!kl_sync_feed(network->sync, &roster->feed, &feed) && feed.forked);
	kl_put_text(w, "network", roster->name[0] ? roster->name : NULL);
	kl_put_bool(w, "convenor_linked",
		kl_network_is_convenor(network) ||
			kl_links_with(network->node->links, &roster->feed.author));
	kl_put_array(w, "members", n);
	for (size_t i = 0; i < n; i++)
		put_member(network, w, shown[i]);
	if (end < roster->n_members)
		kl_hex(roster->members[end - 1].identity.b, KL_ID_BYTES, hex);
	kl_put_text(w, "next", end < roster->n_members ? hex : NULL);
	if (first || !asks_for_all(&wanted))
		kl_put_nil(w, "alike"); /* stands in the first answer of all members */
	else
		kl_put_alike_pairs(w, "alike", network);
	return kl_ask_answer(ask);
}

/* What `admit --FIELD VALUE` may confirm; the names of the options, blanks for `_` or `-`. */
static int take_attributes(struct kl_admit *admit, const struct kl_ask *ask, struct kl_fault *fault)
{
	static const char *const fields[] = {"kind", "type", "gss", "region",
		"deprivation_quintile", "rural_urban", "income_band", "control_group"};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		char value[KL_PROFILE_TEXT_MAX];
		int rc = kl_get_text(&ask->args, fields[i], value, sizeof value);

		if (rc == KL_E_NOT_FOUND)
			continue;
		if (rc)
			return kl_fault(fault, KL_E_USAGE, "%s is too long", fields[i]);
		rc = kl_attributes_set(&admit->attributes, fields[i], value, fault);
		if (rc)
			return rc;
	}
	return KL_OK;
}

/* A text without blanks that is as long as half a member id is meant as one. */
static bool meant_as_id(const char *text)
{
	return strlen(text) >= KL_MEMBERID_CHARS / 2 && !strchr(text, ' ');
}

/* Somebody who is on the roster already, by name: what was confirmed before stays. */
static int take_known(const struct kl_node *node, const char *text, struct kl_admit *admit,
	struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	int rc = kl_find_member(node, text, &member, fault);

	if (rc == KL_E_NOT_FOUND)
		(void)kl_fault_hint(fault,
			"a new member is admitted by its member id, which keeplocal status "
			"prints at its place");
	if (rc)
		return rc;
	admit->identity = member->identity;
	memcpy(admit->curve_key, member->curve_key, sizeof admit->curve_key);
	admit->attributes = member->attributes;
	(void)kl_copy_text(admit->name, sizeof admit->name, member->name);
	return KL_OK;
}

/* Whom to admit: anybody by member id, and by name whoever is on the roster. */
static int take_whom(const struct kl_node *node, struct kl_ask *ask, struct kl_admit *admit)
{
	const struct kl_roster_member *member;
	struct kl_memberid id;
	char text[2 * KL_MEMBERID_TEXT_MAX];
	int rc;

	if (kl_get_text(&ask->args, "member_id", text, sizeof text))
		return kl_fault(&ask->fault, KL_E_USAGE, "which member? Its member id is needed");
	rc = kl_memberid_parse(text, &id, &ask->fault);
	if (rc && !meant_as_id(text)) {
		rc = take_known(node, text, admit, &ask->fault);
	} else if (!rc) {
		admit->identity = id.identity;
		memcpy(admit->curve_key, id.curve_key, sizeof admit->curve_key);
		admit->attributes.kind = id.kind;
		member = kl_roster_find(&node->network->roster, &id.identity);
		(void)kl_copy_text(admit->name, sizeof admit->name, member ? member->name : "");
	}
	if (rc)
		return rc;
	if (kl_get_text_or(&ask->args, "name", admit->name, admit->name, sizeof admit->name) ||
		!admit->name[0])
		return kl_fault(&ask->fault, KL_E_USAGE, "--name NAME is needed: one line");
	return take_attributes(admit, ask, &ask->fault);
}

/* ---- from the table of councils -------------------------------------------------------------- */

/* What the table of councils says of the council area of a member that is admitted: what is not
 * confirmed yet may be, from there. */
struct from_table {
	const struct kl_council *council; /* NULL: none known */
	const char *fields[KL_COUNCIL_SAYS_MAX];
	size_t n;
	bool filled; /* they were taken; else they could be */
};

static bool is_confirmed(const struct kl_attributes *a, const char *field)
{
	return !strcmp(field, "gss")                    ? a->gss[0] != '\0'
	       : !strcmp(field, "type")                 ? a->type[0] != '\0'
	       : !strcmp(field, "region")               ? a->region[0] != '\0'
	       : !strcmp(field, "rural_urban")          ? a->rural_urban[0] != '\0'
	       : !strcmp(field, "deprivation_quintile") ? a->deprivation_quintile != 0
							: true; /* no roster holds it */
}

/* The row of the code that is confirmed or that the member says of itself; a council's also by name. */
static int find_area(struct kl_node *node, const struct kl_admit *admit,
	const struct kl_council **ret_council, struct kl_fault *fault)
{
	const struct kl_member *said = kl_members_find(&node->network->members, &admit->identity);
	const char *gss = admit->attributes.gss;

	if (!gss[0] && said && said->has_profile)
		gss = said->profile.attributes.gss;
	if (gss[0])
		return kl_reference_find(node, gss, ret_council, fault);
	if (admit->attributes.kind == KL_MEMBER_COUNCIL)
		return kl_reference_find(node, admit->name, ret_council, fault);
	kl_fault(fault, KL_E_USAGE, "in which council area does %s work?", admit->name);
	return kl_fault_hint(fault, "say it: --gss CODE (keeplocal reference list NAME)");
}

static int look_in_table(struct kl_node *node, struct kl_ask *ask, struct kl_admit *admit,
	struct from_table *ret_table)
{
	struct kl_council_says says[KL_COUNCIL_SAYS_MAX];
	struct from_table t = {.n = 0};
	size_t n;
	int rc = KL_OK;

	if (kl_get_bool_or(&ask->args, "fill", false, &t.filled))
		return kl_fault(&ask->fault, KL_E_USAGE, "fill is yes or no");
	if (t.filled)
		rc = find_area(node, admit, &t.council, &ask->fault);
	else if (admit->attributes.gss[0])
		t.council = kl_reference_gss(node, admit->attributes.gss);
	n = !rc && t.council ? kl_council_says(t.council, admit->attributes.kind, says) : 0;
	for (size_t i = 0; !rc && i < n; i++) {
		if (is_confirmed(&admit->attributes, says[i].field))
			continue;
		t.fields[t.n++] = says[i].field;
		if (t.filled)
			rc = kl_attributes_set(
				&admit->attributes, says[i].field, says[i].value, &ask->fault);
	}
	*ret_table = t;
	return rc;
}

static void put_from_table(struct kl_writer *w, const struct from_table *t)
{
	static const char *const keys[] = {"fillable", "filled"};

	kl_put_text(w, "council", t->council ? t->council->name : NULL);
	for (int filled = 0; filled < 2; filled++) {
		size_t n = t->filled == (bool)filled ? t->n : 0;

		kl_put_array(w, keys[filled], n);
		for (size_t i = 0; i < n; i++)
			kl_write_text(w, t->fields[i]);
	}
}

/* ---- admitting ------------------------------------------------------------------------------- */

/* Who on the roster may be the same organisation: as the convenor names it, and as it may say itself. */
static void put_alike(
	struct kl_writer *w, const struct kl_network *network, const struct kl_admit *admit)
{
	const struct kl_member *said = kl_members_find(&network->members, &admit->identity);
	struct kl_roster_member as_admitted = {.attributes = admit->attributes};

	(void)kl_copy_text(as_admitted.name, sizeof as_admitted.name, admit->name);
	kl_put_alike_to(w, "alike", network, &admit->identity,
		said && said->has_profile ? &said->profile : NULL, &as_admitted);
}

static void put_warnings(
	struct kl_writer *w, struct kl_node *node, const struct kl_attributes *attributes)
{
	char warning[KL_PROFILE_WARNING_MAX];
	bool any = kl_gss_warning(node, attributes->gss, warning);

	kl_put_array(w, "warnings", any);
	if (any)
		kl_write_text(w, warning);
}

int kl_cmd_network_admit(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_admit admit = {0};
	struct from_table table = {.n = 0};
	struct kl_writer w;
	bool dry;
	int rc = kl_need_convenor(data, &network, &ask->fault);

	if (rc || (rc = take_whom(data, ask, &admit)) || (rc = take_dry(ask, &dry)) ||
		(rc = look_in_table(data, ask, &admit, &table)))
		return rc;
	kl_writer_init(&w);
	kl_admit_write(&w, &admit);
	rc = kl_enact(network, KL_KIND_ADMIT, &w, dry, &ask->fault);
	kl_writer_deinit(&w);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 8 + ATTRIBUTES_PUT);
	kl_put_text(&ask->out, "admitted", admit.name);
	put_from_table(&ask->out, &table);
	put_alike(&ask->out, network, &admit);
	put_warnings(&ask->out, data, &admit.attributes);
	put_attributes(&ask->out, &admit.attributes);
	kl_put_text(&ask->out, "control_group",
		admit.attributes.control_group[0] ? admit.attributes.control_group : NULL);
	kl_put_bool(&ask->out, "published", !dry);
	return kl_ask_answer(ask);
}

/* Suspend, retire, remove: who, why and, for those who leave, where their feed ends. */
static int change_standing(struct kl_node *node, struct kl_ask *ask, uint32_t kind)
{
	struct kl_network *network;
	const struct kl_roster_member *member;
	struct kl_standing standing = {.ends = kind != KL_KIND_SUSPEND};
	struct kl_feed_state feed;
	char name[256];
	struct kl_writer w;
	bool dry;
	int rc = kl_need_convenor(node, &network, &ask->fault);

	if (rc || (rc = take_dry(ask, &dry)))
		return rc;
	if (kl_get_text(&ask->args, "member", name, sizeof name) ||
		kl_get_text_or(&ask->args, "reason", "", standing.reason, sizeof standing.reason))
		return kl_fault(&ask->fault, KL_E_USAGE, "which member?");
	rc = kl_find_member(node, name, &member, &ask->fault);
	if (rc)
		return rc;
	standing.identity = member->identity;
	(void)kl_copy_text(name, sizeof name, member->name);
	if (standing.ends) {
		struct kl_feed_key key = {member->identity, member->epoch};

		if (!kl_sync_feed(network->sync, &key, &feed))
			standing.end = feed.head;
	}
	kl_writer_init(&w);
	kl_standing_write(&w, &standing);
	rc = kl_enact(network, kind, &w, dry, &ask->fault);
	kl_writer_deinit(&w);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 4);
	kl_put_text(&ask->out, "member", name);
	kl_put_text(&ask->out, "change", kl_kind_name(kind));
	kl_put_text(&ask->out, "reason", standing.reason[0] ? standing.reason : NULL);
	kl_put_bool(&ask->out, "published", !dry);
	return kl_ask_answer(ask);
}

int kl_cmd_network_suspend(void *data, struct kl_ask *ask)
{
	return change_standing(data, ask, KL_KIND_SUSPEND);
}

int kl_cmd_network_retire(void *data, struct kl_ask *ask)
{
	return change_standing(data, ask, KL_KIND_RETIRE);
}

int kl_cmd_network_remove(void *data, struct kl_ask *ask)
{
	return change_standing(data, ask, KL_KIND_REMOVE);
}

/* ---- the charter ---------------------------------------------------------------------------- */

/* cohorts=everybody,councils,..: in order of priority. None: whoever calls a tally chooses. */
static int charter_cohorts(struct kl_charter *charter, char *list, struct kl_fault *fault)
{
	char *rest = NULL;

	charter->n_cohorts = 0;
	memset(charter->cohorts, 0, sizeof charter->cohorts);
	for (char *text = strtok_r(list, ",", &rest); text; text = strtok_r(NULL, ",", &rest)) {
		if (charter->n_cohorts == KL_COHORTS_MAX)
			return kl_fault(fault, KL_E_TOO_BIG, "cohorts: at most %d", KL_COHORTS_MAX);
		if (!kl_cohort_parse(kl_bytes_str(text), &charter->cohorts[charter->n_cohorts])) {
			charter->n_cohorts++;
			continue;
		}
		kl_fault(fault, KL_E_USAGE, "cohorts: no rule for a cohort: \"%s\"", text);
		kl_fault_hint(fault, "everybody, councils, anchors, type=.., region=.., "
				     "deprivation=1..5, rural=.., income=..");
		return KL_E_USAGE;
	}
	return KL_OK;
}

static int charter_setting(struct kl_charter *charter, char *assignment, struct kl_fault *fault)
{
	char *equals = strchr(assignment, '='), *end;
	uint64_t ms;

	if (!equals)
		return kl_fault(fault, KL_E_USAGE, "expected NAME=VALUE, found \"%s\"", assignment);
	*equals = '\0';
	if (!strcmp(assignment, "minimum")) {
		unsigned long minimum = strtoul(equals + 1, &end, 10);

		if (*end || end == equals + 1 || minimum > KL_CHARTER_MINIMUM_HIGHEST)
			return kl_fault(fault, KL_E_USAGE,
				"minimum: expected a number of members, found "
				"\"%s\"",
				equals + 1);
		charter->minimum = (uint32_t)minimum;
		return KL_OK;
	}
	if (!strcmp(assignment, "cohorts"))
		return charter_cohorts(charter, equals + 1, fault);
	if (strcmp(assignment, "contribute_for") != 0 && strcmp(assignment, "decide_for") != 0) {
		kl_fault(fault, KL_E_USAGE, "the charter has no \"%s\"", assignment);
		kl_fault_hint(fault,
			"minimum=10, contribute_for=3w, decide_for=1w, cohorts=everybody,councils");
		return KL_E_USAGE;
	}
	if (kl_duration_parse(equals + 1, &ms))
		return kl_fault(fault, KL_E_USAGE, "%s: expected a time such as 3w, found \"%s\"",
			assignment, equals + 1);
	*(assignment[0] == 'c' ? &charter->contribute_ms : &charter->decide_ms) = ms;
	return KL_OK;
}

/* Changes `charter` as the settings say. */
static int take_charter(
	struct kl_charter *charter, const struct kl_value *settings, struct kl_fault *fault)
{
	struct kl_cursor cursor = kl_cursor(settings);
	struct kl_value item;
	int rc = KL_OK;

	while (!rc && kl_cursor_next(&cursor, &item)) {
		char assignment[KL_COHORTS_MAX * KL_COHORT_TEXT_MAX];

		if (kl_value_text(&item, assignment, sizeof assignment))
			return kl_fault(fault, KL_E_USAGE, "a setting of the charter is too long");
		rc = charter_setting(charter, assignment, fault);
	}
	return rc ? rc : kl_charter_check(charter, fault);
}

static int set_charter(struct kl_network *network, const struct kl_charter *charter, bool dry,
	struct kl_fault *fault)
{
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_charter_write(&w, charter);
	rc = kl_enact(network, KL_KIND_CHARTER, &w, dry, fault);
	kl_writer_deinit(&w);
	return rc;
}

/* "published" is nil where nothing was to be. */
static void put_charter(struct kl_writer *w, const struct kl_charter *charter, bool set, bool dry)
{
	char text[KL_COHORT_TEXT_MAX];

	kl_write_map(w, 6);
	kl_put_uint(w, "minimum", charter->minimum);
	kl_put_uint(w, "contribute_for_seconds", charter->contribute_ms / 1000);
	kl_put_uint(w, "decide_for_seconds", charter->decide_ms / 1000);
	kl_put_array(w, "metrics", charter->n_metrics);
	for (size_t i = 0; i < charter->n_metrics; i++)
		kl_write_text(w, charter->metrics[i]);
	kl_put_array(w, "cohorts", charter->n_cohorts);
	for (size_t i = 0; i < charter->n_cohorts; i++)
		kl_write_text(w, kl_cohort_format(&charter->cohorts[i], text));
	if (set)
		kl_put_bool(w, "published", !dry);
	else
		kl_put_nil(w, "published");
}

int kl_cmd_network_charter(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_charter charter;
	struct kl_value settings;
	bool set, dry;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (rc || (rc = take_dry(ask, &dry)))
		return rc;
	charter = network->roster.charter;
	set = !kl_get_array(&ask->args, "set", &settings);
	if (set && ((rc = kl_need_convenor(data, &network, &ask->fault)) ||
			   (rc = take_charter(&charter, &settings, &ask->fault)) ||
			   (rc = set_charter(network, &charter, dry, &ask->fault))))
		return rc;
	put_charter(&ask->out, &charter, set, dry);
	return kl_ask_answer(ask);
}
