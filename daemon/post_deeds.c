#include "daemon/post_deeds.h"
#include "daemon/ask_args.h"
#include "daemon/find.h"
#include "daemon/own_post.h"
#include "daemon/post_text.h"
#include "protocol/payload_post.h"

#include <stdio.h>
#include <string.h>

static int ask_dry(struct kl_ask *ask, bool *ret_dry)
{
	*ret_dry = false;
	return kl_get_bool_or(&ask->args, "dry_run", false, ret_dry)
		       ? kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no")
		       : KL_OK;
}

/* ---- add ------------------------------------------------------------------------------------- */

/* What an answer answers: who reads a preview sees whether it is the right one. */
static void put_about(
	struct kl_writer *w, const struct kl_network *network, const struct kl_id *about)
{
	const struct kl_posted *posted = kl_posts_find(&network->posts, about);
	struct kl_post post;

	if (!posted || kl_post_read(network->node, posted, &post, NULL)) {
		kl_put_nil(w, "about_title");
		kl_put_nil(w, "about_member");
		return;
	}
	kl_put_text(w, "about_title", post.title);
	kl_put_text(w, "about_member", kl_member_name(network, &posted->author));
	kl_post_deinit(&post);
}

static void put_added(struct kl_writer *w, const struct kl_network *network,
	const struct kl_post *post, const struct kl_posted *twin, const struct kl_id *id)
{
	char hex[KL_SHORT_ID_MAX];

	kl_write_map(w, KL_POST_FIELD_KEYS + 6);
	kl_put_text(w, "id", id ? kl_short_id(id, hex) : NULL);
	kl_put_post_fields(w, network->node, post);
	kl_put_post_warnings(w, post);
	put_about(w, network, &post->about);
	kl_put_text(w, "same_title", twin ? kl_short_id(&twin->id, hex) : NULL);
	kl_put_bool(w, "published", id);
}

static int add(struct kl_network *network, const struct kl_post *post, bool dry, struct kl_ask *ask)
{
	const struct kl_posted *twin = kl_own_post_twin(network, post);
	struct kl_id id, twin_id;
	int rc = kl_post_check(post, &ask->fault);

	if (!rc)
		rc = kl_own_post_may(network, 1, &ask->fault);
	if (rc)
		return rc;
	if (dry) {
		put_added(&ask->out, network, post, twin, NULL);
		return KL_OK;
	}
	twin_id = twin ? twin->id : (struct kl_id){{0}};
	rc = kl_own_post_publish(network, post, &id, &ask->fault);
	if (!rc)
		put_added(&ask->out, network, post,
			twin ? kl_posts_find(&network->posts, &twin_id) : NULL, &id);
	return rc;
}

int kl_post_deed_add(
	struct kl_node *node, struct kl_ask *ask, enum kl_post_kind kind, const struct kl_id *about)
{
	struct kl_network *network;
	struct kl_post post;
	bool dry;
	int rc = kl_need_network(node, &network, &ask->fault);

	if (!rc)
		rc = ask_dry(ask, &dry);
	if (rc)
		return rc;
	kl_post_init(&post, kind);
	if (about)
		post.about = *about;
	rc = kl_own_post_fill(node, &ask->args, &post, &ask->fault);
	if (!rc)
		rc = add(network, &post, dry, ask);
	kl_post_deinit(&post);
	return rc ? rc : kl_ask_answer(ask);
}

/* ---- correct --------------------------------------------------------------------------------- */

static bool same_payload(const struct kl_post *a, const struct kl_post *b)
{
	struct kl_bytes x = {NULL, 0}, y = {NULL, 0};
	struct kl_writer wa, wb;
	bool same;

	kl_writer_init(&wa);
	kl_writer_init(&wb);
	kl_payload_post_write(&wa, a);
	kl_payload_post_write(&wb, b);
	same = !kl_writer_bytes(&wa, &x) && !kl_writer_bytes(&wb, &y) && kl_bytes_equal(x, y);
	kl_writer_deinit(&wa);
	kl_writer_deinit(&wb);
	return same;
}

static void put_corrected(struct kl_writer *w, const struct kl_network *network,
	const struct kl_id *id, const struct kl_post *post, bool same, bool done)
{
	char hex[KL_SHORT_ID_MAX];

	kl_write_map(w, KL_POST_FIELD_KEYS + 4);
	kl_put_text(w, "id", kl_short_id(id, hex));
	kl_put_post_fields(w, network->node, post);
	kl_put_post_warnings(w, post);
	kl_put_bool(w, "unchanged", same);
	kl_put_bool(w, "published", done);
}

static int correct(
	struct kl_network *network, const struct kl_posted *posted, bool dry, struct kl_ask *ask)
{
	struct kl_id id = posted->id;
	struct kl_post before, after;
	bool same;
	int rc = kl_post_read(network->node, posted, &before, &ask->fault);

	if (rc)
		return rc;
	rc = kl_post_read(network->node, posted, &after, &ask->fault);
	if (rc) {
		kl_post_deinit(&before);
		return rc;
	}
	rc = kl_own_post_fill(network->node, &ask->args, &after, &ask->fault);
	if (!rc)
		rc = kl_post_check(&after, &ask->fault);
	same = !rc && same_payload(&before, &after);
	if (!rc)
		rc = kl_own_post_may(network, 0, &ask->fault);
	if (!rc && !dry && !same)
		rc = kl_own_post_correct(network, posted, &after, &ask->fault);
	if (!rc)
		put_corrected(&ask->out, network, &id, &after, same, !dry);
	kl_post_deinit(&before);
	kl_post_deinit(&after);
	return rc;
}

/* The own post that "id" names, and what else both commands need. */
static int ask_own(struct kl_node *node, struct kl_ask *ask, enum kl_post_kind kind,
	struct kl_network **ret_network, const struct kl_posted **ret_posted, bool *ret_dry)
{
	char wanted[32];
	char text[KL_ID_HEX_MAX + 1];
	int rc = kl_need_network(node, ret_network, &ask->fault);

	if (!rc)
		rc = ask_dry(ask, ret_dry);
	(void)snprintf(wanted, sizeof wanted, "which %s?", kl_post_kind_name(kind));
	if (!rc)
		rc = kl_ask_needed(ask, "id", wanted, text, sizeof text);
	return rc ? rc : kl_own_post_named(*ret_network, kind, text, ret_posted, &ask->fault);
}

int kl_post_deed_correct(struct kl_node *node, struct kl_ask *ask, enum kl_post_kind kind)
{
	const struct kl_posted *posted;
	struct kl_network *network;
	bool dry;
	int rc = ask_own(node, ask, kind, &network, &posted, &dry);

	if (!rc)
		rc = correct(network, posted, dry, ask);
	return rc ? rc : kl_ask_answer(ask);
}

/* ---- withdraw -------------------------------------------------------------------------------- */

int kl_post_deed_withdraw(struct kl_node *node, struct kl_ask *ask, enum kl_post_kind kind)
{
	const struct kl_posted *posted;
	char hex[KL_SHORT_ID_MAX], title[KL_POST_TITLE_MAX];
	struct kl_network *network;
	struct kl_post post;
	bool dry;
	int rc = ask_own(node, ask, kind, &network, &posted, &dry);

	if (!rc)
		rc = kl_post_read(node, posted, &post, &ask->fault);
	if (rc)
		return rc;
	kl_short_id(&posted->id, hex);
	rc = dry ? kl_network_may_append(network, &ask->fault)
		 : kl_own_post_withdraw(network, posted, &ask->fault);
	(void)kl_copy_text(title, sizeof title, post.title[0] ? post.title : post.text);
	if (!rc) {
		kl_write_map(&ask->out, 3);
		kl_put_text(&ask->out, "id", hex);
		kl_put_text(&ask->out, "title", title); /* of an answer: how it begins */
		kl_put_bool(&ask->out, "withdrawn", !dry);
	}
	kl_post_deinit(&post);
	return rc ? rc : kl_ask_answer(ask);
}
