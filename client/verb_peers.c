/* peers: with whom this daemon is linked. */
#include "client/draw.h"
#include "client/request.h"

#include <inttypes.h>

static void draw_calls(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "calling");
	struct kl_value call;
	char name[256], endpoint[256];

	while (kl_cursor_next(&cursor, &call))
		fprintf(cli->out, "%s does not answer at %s%s\n",
			kl_cli_text(&call, "name", "somebody", name, sizeof name),
			kl_cli_text(&call, "endpoint", "?", endpoint, sizeof endpoint),
			kl_draw_flag(&call, "refused") ? ": it refused us" : "");
}

static int draw_peers(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "peers");
	struct kl_table table;
	struct kl_value peer;
	char endpoint[256];
	int rc = KL_OK;

	kl_cli_text(answer, "endpoint", "", endpoint, sizeof endpoint);
	fprintf(cli->out, "Listening: %s; %" PRIu64 " turned away\n",
		endpoint[0] ? endpoint : "nowhere, outgoing links only",
		kl_draw_uint(answer, "refused"));
	if (!kl_draw_count(answer, "peers"))
		fputs("No peer is linked.\n", cli->out);
	kl_table_init(&table, "<peer <direction <state >silent");
	while (kl_cursor_next(&cursor, &peer)) {
		kl_draw_cell(&table, &peer, "name", "?");
		kl_draw_cell(&table, &peer, "direction", "?");
		kl_table_cell(&table, "%s",
			kl_draw_flag(&peer, "in_sync") ? "in sync"
			: kl_draw_flag(&peer, "ready") ? "catching up"
						       : "greeting");
		kl_table_cell(&table, "%.1f s", (double)kl_draw_uint(&peer, "silent_ms") / 1000);
	}
	if (kl_draw_count(answer, "peers"))
		rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	draw_calls(cli, answer);
	return rc;
}

static int run(struct kl_cli *cli)
{
	return kl_request_show(cli, "peers", NULL, draw_peers);
}

const struct kl_command kl_verb_peers = {
	.words = "peers",
	.example = "keeplocal peers",
	.help = "with whom this daemon is linked, and whom it cannot reach",
	.tables = true,
	.run = run,
};
