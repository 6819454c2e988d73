/* tally veto: whose seat this member refuses, and whom a name would refuse. */
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/veto.h"
#include "daemon/which_tally.h"

#include <string.h>
#include <unistd.h>

static void put_members(struct kl_writer *w, const struct kl_network *network, const char *veto)
{
	const struct kl_roster *roster = &network->roster;
	size_t n = 0;

	for (size_t i = 0; i < roster->n_members; i++)
		n += kl_veto_fits(veto, &roster->members[i]);
	kl_put_array(w, "members", n);
	for (size_t i = 0; i < roster->n_members; i++)
		if (kl_veto_fits(veto, &roster->members[i]))
			kl_write_text(w, roster->members[i].name);
}

/* The first seat of a committee that a veto refuses, or -1. */
static int refused_seat(
	const struct kl_network *network, const struct kl_tally_view *view, const char *veto)
{
	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_roster_member *m =
			kl_roster_find(&network->roster, &view->seats[j].member);

		if (m && kl_veto_fits(veto, m))
			return (int)j;
	}
	return -1;
}

static void put_seats(struct kl_writer *w, const struct kl_network *network, const char *veto)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	struct kl_tally_view view;
	size_t n = 0;

	for (size_t i = 0; i < kl_tallies_count(book); i++)
		n += !kl_tallies_view(book, kl_tallies_at(book, i), &view) &&
		     refused_seat(network, &view, veto) >= 0;
	kl_put_array(w, "seats", n);
	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		char text[KL_ID_HEX_MAX];
		int seat;

		if (kl_tallies_view(book, kl_tallies_at(book, i), &view))
			continue;
		seat = refused_seat(network, &view, veto);
		if (seat < 0)
			continue;
		kl_write_map(w, 4);
		kl_hex(view.id.b, KL_ID_BYTES, text);
		kl_put_text(w, "tally", text);
		kl_put_text(w, "period", kl_period_format(view.call->period, text));
		kl_put_text(w, "state", kl_tally_state_word(&view));
		kl_put_text(w, "member", kl_member_name(network, &view.seats[seat].member));
	}
}

static void put_veto(struct kl_writer *w, const struct kl_network *network, const char *veto)
{
	kl_write_map(w, 3);
	kl_put_text(w, "veto", veto);
	put_members(w, network, veto);
	put_seats(w, network, veto);
}

int kl_cmd_tally_veto(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_network *network;
	char tried[KL_VETO_MAX], path[PATH_MAX];
	struct kl_writer *w = &ask->out;
	int rc = kl_need_network(node, &network, &ask->fault);

	if (!rc && kl_get_text_or(&ask->args, "name", "", tried, sizeof tried))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"a veto is the name of a member, of less than %d bytes", KL_VETO_MAX);
	if (!rc)
		rc = kl_home_path(&node->home, "keeplocald.conf", path);
	if (rc)
		return rc;
	kl_write_map(w, 4);
	kl_put_text(w, "settings", path);
	kl_put_uint(w, "pid", (uint64_t)getpid());
	kl_put_array(w, "vetoes", node->config.vetoes);
	for (size_t i = 0; i < node->config.vetoes; i++)
		put_veto(w, network, node->config.veto[i]);
	if (tried[0]) {
		kl_write_text(w, "tried");
		put_veto(w, network, tried);
	} else {
		kl_put_nil(w, "tried");
	}
	return kl_ask_answer(ask);
}
