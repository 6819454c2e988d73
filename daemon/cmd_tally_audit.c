/* tally audit: a tally checked anew from what is stored, a few records a turn.
 *
 * What is read ends where each feed ended when it was asked for, and what this member shows is taken at
 * the same moment: what arrives meanwhile changes nothing. If the records are wanted, too, they go to the
 * client as they are read, in parts: see protocol/auditor_file.h. */
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/which_tally.h"
#include "protocol/auditor_file.h"

#include <stdlib.h>
#include <string.h>

enum {
	TURN_RECORDS = 128,
	TURN_BYTES = 256 << 10, /* of payloads: their hashes are checked */
	PART_BYTES = 24 << 10,  /* of records: then a part is sent. One more may be long */
};

struct audit {
	uv_idle_t idle; /* first: freed as what it is */
	struct kl_node *node;
	struct kl_ask *ask;
	struct kl_id tally;
	struct kl_auditor *auditor;
	struct kl_feed_head *heads; /* the convenors' first */
	size_t head_count, head;
	uint64_t next; /* seq of the record that is read next; 0: a feed begins */
	size_t bytes;  /* read in this turn */
	uint64_t done, total;
	bool handing_on, waiting; /* records are sent; a part is out and was not taken yet */
	struct kl_writer records; /* of the next part */
	size_t record_count;
};

static void audit_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void destroy(struct audit *audit)
{
	kl_auditor_destroy(audit->auditor);
	kl_writer_deinit(&audit->records);
	free(audit->heads);
	uv_close((uv_handle_t *)&audit->idle, audit_closed);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

/* ---- reading ----------------------------------------------------------------------------------- */

static int give_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct audit *audit = arg;
	const struct kl_feed_head *head = &audit->heads[audit->head];
	const struct kl_audited record = {
		.seq = stored->seq,
		.id = stored->id,
		.header = stored->header,
		.signature = stored->signature,
		.here = stored->state == KL_STORED_HERE,
		.payload = stored->payload,
		.contested = head->contested && stored->seq >= head->contested,
	};

	(void)feed;
	audit->bytes += stored->header.len + stored->payload.len;
	if (audit->handing_on) {
		kl_auditor_file_record(&audit->records, &record);
		audit->record_count++;
	}
	return kl_auditor_record(audit->auditor, &record);
}

/* The next record; one that the store cannot give is told, and the next is tried. */
static int read_record(struct audit *audit)
{
	const struct kl_feed_head *head = &audit->heads[audit->head];
	uint64_t seq = audit->next++;
	int rc = kl_feed_get(audit->node->store, &head->feed, seq, give_record, audit);

	audit->done++;
	if (rc == KL_E_DAMAGED || rc == KL_E_NOT_FOUND)
		rc = kl_auditor_lost(audit->auditor, seq);
	return rc;
}

static int begin_feed(struct audit *audit)
{
	const struct kl_feed_id *feed = &audit->heads[audit->head].feed;
	const struct kl_feed_key key = {feed->author, feed->epoch};

	audit->next = 1;
	return kl_auditor_feed(audit->auditor, &key);
}

/* Some records; *ret_done: there are no more. */
static int read_on(struct audit *audit, bool *ret_done)
{
	int rc = KL_OK;

	audit->bytes = 0;
	for (size_t n = 0;
		!rc && n < TURN_RECORDS && audit->bytes < TURN_BYTES &&
		audit->records.buffer.size < PART_BYTES && audit->head < audit->head_count;
		n++) {
		if (audit->next == 0)
			rc = begin_feed(audit);
		else if (audit->next <= audit->heads[audit->head].certified)
			rc = read_record(audit);
		else {
			audit->head++;
			audit->next = 0;
		}
	}
	*ret_done = audit->head == audit->head_count;
	return rc;
}

/* ---- turns ------------------------------------------------------------------------------------- */

/* Sends what was gathered of the records; the turns go on when the client has taken it. */
static int send_part(struct audit *audit)
{
	struct kl_bytes records;
	int rc = kl_writer_bytes(&audit->records, &records);

	if (rc)
		return rc;
	kl_write_array(&audit->ask->out, audit->record_count);
	kl_write_raw(&audit->ask->out, records);
	kl_writer_reset(&audit->records);
	audit->record_count = 0;
	audit->waiting = true;
	uv_idle_stop(&audit->idle);
	return kl_ask_part(audit->ask);
}

static int turn(struct audit *audit, bool *ret_done)
{
	bool all_read;
	int rc = read_on(audit, &all_read);

	*ret_done = false;
	if (rc)
		return rc;
	if (audit->record_count && (all_read || audit->records.buffer.size >= PART_BYTES))
		return send_part(audit);
	return all_read ? kl_auditor_work(audit->auditor, ret_done) : KL_OK;
}

static void work_on(uv_idle_t *idle)
{
	struct audit *audit = idle->data;
	struct kl_ask *ask = audit->ask;
	bool done;
	int rc = turn(audit, &done);

	if (rc) {
		if (!ask->fault.code)
			kl_fault(&ask->fault, rc, "the tally cannot be checked: %s",
				kl_error_text(rc));
		kl_ask_refuse(ask); /* and through it aborted() */
		return;
	}
	if (audit->waiting)
		return;
	kl_ask_progress(ask, audit->done, audit->total, "checking records");
	if (!done)
		return;
	kl_auditor_write(&ask->out, audit->auditor, false);
	kl_ask_answer(ask);
	destroy(audit);
}

static int part_taken(struct kl_ask *ask, void *data)
{
	struct audit *audit = data;

	(void)ask;
	audit->waiting = false;
	uv_idle_start(&audit->idle, work_on); /* cannot fail with a callback */
	return KL_OK;
}

static const struct kl_ask_hooks hooks = {.more = part_taken, .abort = aborted};

/* ---- the command ------------------------------------------------------------------------------- */

static int add_head(void *arg, const struct kl_feed_head *head)
{
	struct audit *audit = arg;
	struct kl_feed_head *heads = realloc(audit->heads, (audit->head_count + 1) * sizeof *heads);

	if (!heads)
		return KL_E_NOMEM;
	audit->heads = heads;
	heads[audit->head_count++] = *head;
	audit->total += head->certified;
	return KL_VISIT_ON;
}

/* Those that carried the roster, as each names the next, then the current one's; then all others. */
static void put_convenors_first(struct audit *audit)
{
	const struct kl_roster *roster = &audit->node->network->roster;
	size_t front = 0;

	for (size_t i = 0; i <= roster->n_convenors; i++) {
		const struct kl_feed_id feed = kl_feed_id_of(
			i < roster->n_convenors ? &roster->convenors[i].feed : &roster->feed);

		for (size_t k = front; k < audit->head_count; k++) {
			struct kl_feed_head head = audit->heads[k];

			if (head.feed.epoch != feed.epoch ||
				!kl_id_equal(&head.feed.author, &feed.author))
				continue;
			audit->heads[k] = audit->heads[front];
			audit->heads[front++] = head;
			break;
		}
	}
}

static int prepare(struct audit *audit, const struct kl_network *network)
{
	const struct kl_auditor_options options = {.network = network->ticket.network,
		.convenor = network->ticket.convenor,
		.tally = audit->tally,
		.wall_ms = kl_node_wall()};
	int rc = kl_auditor_new(&options, &audit->auditor);

	if (audit->handing_on) {
		kl_auditor_file_head(&audit->records, &options);
		audit->record_count = 1;
	}
	if (!rc)
		rc = kl_auditor_shown(audit->auditor, kl_network_tallies(network));
	if (!rc)
		rc = kl_feed_visit_heads(audit->node->store, add_head, audit);
	put_convenors_first(audit);
	return rc < 0 ? rc : KL_OK;
}

/* A tally by its whole id may be one that this daemon's own book does not know. */
static int which(const struct kl_network *network, struct kl_ask *ask, struct kl_id *ret_tally)
{
	char text[2 * KL_ID_BYTES + 1];
	struct kl_tally_view view;
	int rc;

	if (kl_get_text_or(&ask->args, "tally", "", text, sizeof text))
		return kl_fault(&ask->fault, KL_E_USAGE, "no tally has so long a name");
	if (strlen(text) == 2 * KL_ID_BYTES && !kl_hex_parse(text, ret_tally->b, KL_ID_BYTES))
		return KL_OK;
	rc = kl_which_tally(network, text, &view, &ask->fault);
	if (!rc)
		*ret_tally = view.id;
	return rc;
}

int kl_cmd_tally_audit(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct audit *audit;
	struct kl_id tally;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc)
		rc = which(network, ask, &tally);
	if (rc)
		return rc;
	audit = calloc(1, sizeof *audit);
	if (!audit || uv_idle_init(&network->node->uv, &audit->idle)) {
		free(audit);
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	}
	audit->node = data;
	audit->ask = ask;
	audit->tally = tally;
	audit->idle.data = audit;
	kl_writer_init(&audit->records);
	rc = kl_get_bool_or(&ask->args, "records", false, &audit->handing_on);
	if (!rc)
		rc = prepare(audit, network);
	if (rc) {
		destroy(audit);
		return kl_fault(&ask->fault, rc, "what is stored cannot be read");
	}
	uv_idle_start(&audit->idle, work_on); /* cannot fail with a callback */
	return kl_ask_later(ask, &hooks, audit);
}
