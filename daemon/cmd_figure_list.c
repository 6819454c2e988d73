/* figure list: what members published by name. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/figures.h"
#include "daemon/find.h"
#include "daemon/which_place.h"

#include <string.h>

enum {
	FIGURES_SHOWN_MAX = 600, /* rows of one answer */
	ROW_BYTES_MAX = 1024,    /* more than the longest row takes */
	LIST_BYTES_MAX = KL_CONTROL_BODY_MAX - 2 * ROW_BYTES_MAX,
};

/* A figure of a metric that this program does not know cannot be read as a number. */
static bool readable(const struct kl_member_figure *figure, struct kl_metric *ret_metric)
{
	size_t index;

	if (figure->withdrawn || kl_metric_index(figure->figure.metric, &index))
		return false;
	kl_metric_at(index, ret_metric);
	return true;
}

/* What one list takes in: how much may still come, and whether something was left out. */
struct listing {
	struct kl_node *node;
	struct kl_network *network;
	const struct kl_roster_member *one; /* the one that was asked for, or NULL */
	struct kl_which_place place;
	struct kl_writer *w;
	size_t n, max;
	bool more;
};

static bool is_full(const struct listing *list)
{
	struct kl_bytes written;

	return list->n == list->max ||
	       (!kl_writer_bytes(list->w, &written) && written.len > LIST_BYTES_MAX);
}

static void put_figures_of(
	struct listing *list, const struct kl_roster_member *r, const struct kl_member *m)
{
	for (size_t k = 0; k < m->n_figures && !list->more; k++) {
		struct kl_metric metric;

		if (!readable(&m->figures[k], &metric))
			continue;
		list->more = is_full(list);
		if (list->more)
			return;
		list->n++;
		kl_put_figure(list->w, r->name, &metric, &m->figures[k].figure);
	}
}

/* Of active members of the place, or of the one that was asked for, whatever its standing. */
static bool is_wanted(const struct listing *list, const struct kl_placed *who)
{
	if (list->one)
		return who->member == list->one;
	return who->member->state == KL_MEMBER_ACTIVE &&
	       kl_place_has(list->node, &list->place, who);
}

static int put_figures(struct listing *list)
{
	struct kl_network *network = list->network;

	if (kl_roster_order_make(&network->order, &network->roster))
		return KL_E_NOMEM;
	for (size_t i = 0; i < network->order.n && !list->more; i++) {
		const struct kl_placed who = kl_placed_at(network, i);

		if (who.said && who.said->n_figures && is_wanted(list, &who))
			put_figures_of(list, who.member, who.said);
	}
	return KL_OK;
}

int kl_cmd_figure_list(void *data, struct kl_ask *ask)
{
	char name[256], words[KL_PLACE_WORDS_MAX];
	struct kl_network *network;
	struct kl_bytes written;
	struct kl_writer rows;
	struct listing list = {.node = data, .w = &rows, .max = FIGURES_SHOWN_MAX};
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && !kl_get_text(&ask->args, "member", name, sizeof name))
		rc = kl_find_member(data, name, &list.one, &ask->fault);
	if (!rc)
		rc = kl_ask_place(data, ask, &list.place);
	if (rc)
		return rc;
	kl_writer_init(&rows);
	list.network = network;
	rc = put_figures(&list);
	if (!rc)
		rc = kl_writer_bytes(&rows, &written);
	if (rc) {
		kl_fault(&ask->fault, rc, "out of memory");
	} else {
		kl_write_map(&ask->out, 3);
		kl_put_said(&ask->out, "place", kl_place_words(data, &list.place, words));
		kl_put_bool(&ask->out, "more", list.more);
		kl_put_array(&ask->out, "figures", list.n);
		kl_write_raw(&ask->out, written);
	}
	kl_writer_deinit(&rows);
	return rc ? rc : kl_ask_answer(ask);
}
