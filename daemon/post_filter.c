#include "daemon/post_filter.h"
#include "core/commissioning.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/find.h"
#include "daemon/nearest.h"
#include "daemon/own_post.h"
#include "daemon/post_place.h"
#include "daemon/reference.h"

#include <string.h>

/* ---- asking ---------------------------------------------------------------------------------- */

static void fold(const char *text, char out[KL_POST_NEEDLE_MAX])
{
	char folded[KL_WORDS_TEXT_MAX + 1];

	(void)kl_words_fold(text, folded);
	(void)kl_copy_text(out, KL_POST_NEEDLE_MAX, folded);
}

static bool is_council(const struct kl_network *network, const struct kl_roster_member *member)
{
	(void)network;
	return member->attributes.kind == KL_MEMBER_COUNCIL;
}

/* "Calderdale" means the council on the roster that has it in its name. */
static bool code_of_part(struct kl_node *node, const char *place, char ret_gss[KL_GSS_MAX])
{
	const struct kl_roster_member *member;
	struct kl_fault fault = {0};

	return !kl_find_member_who(node, place, is_council, &member, &fault) &&
	       member->attributes.kind == KL_MEMBER_COUNCIL && member->attributes.gss[0] &&
	       kl_copy_text(ret_gss, KL_GSS_MAX, member->attributes.gss);
}

static void take_place(struct kl_node *node, const char *place, struct kl_post_filter *f)
{
	const struct kl_council *council;
	char gss[KL_GSS_MAX];

	fold(place, f->place);
	if (!place[0] || (!kl_post_place_code(node, place, gss) && !code_of_part(node, place, gss)))
		return;
	fold(gss, f->area);
	council = kl_reference_gss(node, gss);
	if (council)
		fold(kl_council_short(council), f->called);
}

/* The words of a filter are those of a post: they are read as one. */
static int take_facets(struct kl_node *node, struct kl_ask *ask, struct kl_post_filter *f)
{
	struct kl_period period;
	struct kl_post post;
	size_t outcome;
	int rc;

	kl_post_init(&post, KL_LESSON);
	rc = kl_own_post_fill(node, &ask->args, &post, &ask->fault);
	f->characteristics = post.characteristics;
	f->stages = post.stages;
	f->routes = post.routes;
	f->barriers = post.barriers;
	if (post.outcome[0] &&
		!kl_slug_place(kl_lesson_outcomes, kl_bytes_str(post.outcome), &outcome))
		f->outcome = (uint8_t)(outcome + 1);
	f->has_period = post.period[0] && !kl_period_parse(post.period, &period);
	if (f->has_period) {
		f->first_month = kl_period_first_month(period);
		f->months = kl_period_months(period);
	}
	take_place(node, post.place, f);
	if (post.services.n)
		fold(post.services.items[0], f->service);
	kl_post_deinit(&post);
	return rc;
}

static int take_author(struct kl_node *node, struct kl_ask *ask, struct kl_post_filter *f)
{
	static const char *const attributes[] = {"region", "type"};
	const struct kl_roster_member *member;
	char text[KL_MEMBER_NAME_MAX];
	int rc = kl_ask_text(ask, "member", text, sizeof text);

	if (!rc && text[0]) {
		rc = kl_find_member(node, text, &member, &ask->fault);
		f->has_member = !rc;
		if (!rc)
			f->member = member->identity;
	}
	for (size_t i = 0; !rc && i < sizeof attributes / sizeof *attributes; i++) {
		rc = kl_ask_text(ask, attributes[i], text, sizeof text);
		if (!rc && text[0])
			rc = kl_attributes_set(&f->author, attributes[i], text, &ask->fault);
	}
	return rc;
}

static int take_like_me(struct kl_node *node, struct kl_ask *ask, struct kl_post_filter *f)
{
	struct kl_nearest nearest[KL_LIKE_ME_MAX];
	int rc;

	if (kl_get_bool_or(&ask->args, "like_me", false, &f->like_me))
		return kl_fault(&ask->fault, KL_E_USAGE, "like_me is yes or no");
	if (!f->like_me)
		return KL_OK;
	rc = kl_nearest_members(node, KL_LIKE_ME_MAX, nearest, &f->n_like, &ask->fault);
	for (size_t i = 0; !rc && i < f->n_like; i++)
		f->like[i] = nearest[i].id;
	return rc;
}

int kl_post_filter_ask(struct kl_node *node, enum kl_post_kind kind, struct kl_ask *ask,
	struct kl_post_filter *ret_filter)
{
	struct kl_post_filter *f = ret_filter;
	struct kl_network *network;
	int rc = kl_need_network(node, &network, &ask->fault);

	if (rc)
		return rc;
	memset(f, 0, sizeof *f);
	f->network = network;
	f->kind = kind;
	rc = take_facets(node, ask, f);
	if (!rc)
		rc = take_author(node, ask, f);
	return rc ? rc : take_like_me(node, ask, f);
}

/* ---- fitting --------------------------------------------------------------------------------- */

static bool overlaps(const struct kl_post_filter *f, const struct kl_posted *p)
{
	uint32_t first = kl_period_first_month(p->period), months = kl_period_months(p->period);

	return p->has_period && first < f->first_month + f->months &&
	       f->first_month < first + months;
}

static bool is_there(const struct kl_post_filter *f, const struct kl_posted *p)
{
	const char *place = kl_posts_place(&f->network->posts, p->place);
	const struct kl_roster_member *author;

	if (place[0])
		return strstr(place, f->place) || (f->area[0] && !strcmp(place, f->area)) ||
		       (f->called[0] && !strcmp(place, f->called));
	author = kl_roster_find(&f->network->roster, &p->author);
	return author && f->area[0] && kl_words_equal(author->attributes.gss, f->area);
}

static bool serves(const struct kl_post_filter *f, const struct kl_posted *p)
{
	for (size_t i = 0; i < KL_POST_SERVICES_KEPT; i++)
		if (strstr(kl_posts_service(&f->network->posts, p->services[i]), f->service))
			return true;
	return false;
}

static bool author_fits(const struct kl_post_filter *f, const struct kl_id *id)
{
	const struct kl_roster_member *author;

	if (f->has_member && !kl_id_equal(id, &f->member))
		return false;
	if (f->author.region[0] || f->author.type[0]) {
		author = kl_roster_find(&f->network->roster, id);
		if (!author ||
			(f->author.region[0] &&
				strcmp(author->attributes.region, f->author.region) != 0) ||
			(f->author.type[0] && strcmp(author->attributes.type, f->author.type) != 0))
			return false;
	}
	if (!f->like_me)
		return true;
	for (size_t i = 0; i < f->n_like; i++)
		if (kl_id_equal(id, &f->like[i]))
			return true;
	return false;
}

static bool is_by(struct kl_post_filter *f, const struct kl_id *id)
{
	uint64_t key = kl_get_u64(id->b) << 8;
	uint64_t *noted = &f->noted[(id->b[8] | id->b[9] << 8) % KL_POST_AUTHORS_NOTED];

	if (!f->has_member && !f->author.region[0] && !f->author.type[0] && !f->like_me)
		return true;
	if (*noted >> 8 != key >> 8 || !(*noted & 0xff))
		*noted = key | (author_fits(f, id) ? 2 : 1);
	return (*noted & 0xff) == 2;
}

bool kl_post_fits(struct kl_post_filter *f, const struct kl_posted *p)
{
	return (!f->kind || p->kind == f->kind) &&
	       (!f->characteristics || p->characteristics & f->characteristics) &&
	       (!f->stages || p->stages & f->stages) && (!f->routes || p->routes & f->routes) &&
	       (!f->barriers || p->barriers & f->barriers) &&
	       (!f->outcome || p->outcome == f->outcome) && (!f->has_period || overlaps(f, p)) &&
	       (!f->service[0] || serves(f, p)) && (!f->place[0] || is_there(f, p)) &&
	       is_by(f, &p->author);
}
