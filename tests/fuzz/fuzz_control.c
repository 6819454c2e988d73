/* The command protocol: messages, the daemon's machine, and answers as JSON. */
#include "client/json.h"
#include "core/error.h"
#include "protocol/control.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* ---- messages ------------------------------------------------------------------------------ */

/* One message as bytes: kind, request (4 bytes), body. */
static void add_message(struct fuzz_corpus *corpus, enum kl_control_kind kind, struct kl_writer *w)
{
	struct kl_bytes body;
	uint8_t bytes[512] = {(uint8_t)kind, 7, 0, 0, 0};

	FUZZ_CHECK(!kl_writer_bytes(w, &body) && body.len <= sizeof bytes - 5);
	memcpy(bytes + 5, body.data, body.len);
	fuzz_sample(corpus, bytes, 5 + body.len);
	kl_writer_reset(w);
}

static const uint8_t no_args[] = {0x80}, rows[] = {0x92, 0x91, 0x01, 0x91, 0x02};

void kl_fuzz_samples_control(struct fuzz_corpus *corpus)
{
	struct kl_id hash = {{5}};
	struct kl_fault fault;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_control_write_ask(&w, "lm3 result", kl_bytes(no_args, sizeof no_args));
	add_message(corpus, KL_CONTROL_ASK, &w);
	kl_control_write_progress(&w, 3, 0, "counting");
	add_message(corpus, KL_CONTROL_PROGRESS, &w);
	kl_control_write_progress(&w, 3, 140000, "counting");
	add_message(corpus, KL_CONTROL_PROGRESS, &w);
	kl_control_write_empty(&w);
	add_message(corpus, KL_CONTROL_ANSWER, &w);
	kl_fault(&fault, KL_E_NOT_FOUND, "no project of that name");
	kl_fault_hint(&fault, "did you mean \"jubilee\"?");
	kl_control_write_refused(&w, &fault);
	add_message(corpus, KL_CONTROL_REFUSED, &w);
	kl_control_write_credit(&w, 8);
	add_message(corpus, KL_CONTROL_CREDIT, &w);
	kl_control_write_part(&w, 2, kl_bytes(rows, sizeof rows));
	add_message(corpus, KL_CONTROL_PART, &w);
	kl_control_write_end(&w, 3, &hash);
	add_message(corpus, KL_CONTROL_END, &w);
	for (int kind = KL_CONTROL_MORE; kind <= KL_CONTROL_CANCEL; kind++) {
		kl_control_write_empty(&w);
		add_message(corpus, kind, &w);
	}
	kl_writer_deinit(&w);
}

static void split(const uint8_t *data, size_t len, struct kl_bytes frames[KL_CONTROL_FRAMES])
{
	size_t kind = len > 0, number = len > 5 ? 4 : len - kind;

	frames[0] = kl_bytes(data, kind);
	frames[1] = kl_bytes(data + kind, number);
	frames[2] = kl_bytes(data + kind + number, len - kind - number);
}

static void write_again(struct kl_writer *w, const struct kl_control_message *m)
{
	switch (m->kind) {
	case KL_CONTROL_ASK:
		kl_control_write_ask(w, m->u.ask.command, m->u.ask.args.raw);
		break;
	case KL_CONTROL_PROGRESS:
		kl_control_write_progress(
			w, m->u.progress.done, m->u.progress.total, m->u.progress.what);
		break;
	case KL_CONTROL_REFUSED:
		kl_control_write_refused(w, &m->u.refused);
		break;
	case KL_CONTROL_CREDIT:
		kl_control_write_credit(w, m->u.credit);
		break;
	case KL_CONTROL_PART:
		kl_control_write_part(w, m->u.part.number, m->u.part.rows.raw);
		break;
	case KL_CONTROL_END:
		kl_control_write_end(w, m->u.end.parts, &m->u.end.hash);
		break;
	default:
		kl_write_raw(w, m->body.raw);
	}
}

static void check_message(const uint8_t *data, size_t len, const struct kl_control_message *m)
{
	FUZZ_CHECK(m->kind >= KL_CONTROL_ASK && m->kind <= KL_CONTROL_CANCEL);
	FUZZ_CHECK(m->body.type == KL_WIRE_MAP && fuzz_inside(data, len, m->body.raw));
	FUZZ_CHECK(m->body.raw.len <= KL_CONTROL_BODY_MAX);
	if (m->kind == KL_CONTROL_ASK) {
		FUZZ_CHECK(m->u.ask.args.type == KL_WIRE_MAP);
		FUZZ_CHECK(fuzz_inside(data, len, m->u.ask.args.raw));
	}
	if (m->kind == KL_CONTROL_PART) {
		FUZZ_CHECK(fuzz_inside(data, len, m->u.part.rows.raw));
		FUZZ_CHECK(m->u.part.rows.raw.len <= KL_CONTROL_PART_MAX);
	}
	if (m->kind == KL_CONTROL_REFUSED)
		FUZZ_CHECK(m->u.refused.code < 0);
	if (m->kind == KL_CONTROL_CREDIT)
		FUZZ_CHECK(m->u.credit <= KL_CONTROL_CREDITS);
}

/* What was read and is written is read as the same. */
static void read_again(const struct kl_control_message *message)
{
	struct kl_bytes frames[KL_CONTROL_FRAMES], body;
	struct kl_control_message second;
	struct kl_control_head head;
	struct kl_writer w, again;
	uint32_t request;

	kl_writer_init(&w);
	kl_writer_init(&again);
	write_again(&w, message);
	FUZZ_CHECK(!kl_writer_bytes(&w, &body));
	kl_control_frames(&head, message->kind, message->request, body, frames);
	FUZZ_CHECK(!kl_control_decode(frames, KL_CONTROL_FRAMES, NULL, &request, &second));
	FUZZ_CHECK(request == message->request && second.kind == message->kind);
	write_again(&again, &second);
	fuzz_same_written(&w, &again);
	kl_writer_deinit(&w);
	kl_writer_deinit(&again);
}

int kl_fuzz_control(const uint8_t *data, size_t len)
{
	struct kl_bytes frames[KL_CONTROL_FRAMES];
	struct kl_control_message message;
	struct kl_fault fault = {0};
	uint32_t request;
	int rc;

	split(data, len, frames);
	for (size_t count = 0; count < KL_CONTROL_FRAMES; count++)
		FUZZ_CHECK(kl_control_decode(frames, count, NULL, &request, &message) < 0);
	rc = kl_control_decode(frames, KL_CONTROL_FRAMES, &fault, &request, &message);
	if (rc) {
		FUZZ_CHECK(fault.code == rc && fault.message[0]);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault.message), true));
		return 0;
	}
	check_message(data, len, &message);
	read_again(&message);
	return 1;
}

/* ---- the machine --------------------------------------------------------------------------- */

/* A script of messages and of what the daemon does about them. A step is [what, who, length, bytes]:
 *     0..10  a message of that kind from route `who`, under request number 1
 *     11     time passes, as many ms as the length says times 16
 *     12     the connection of whoever has place `who` is gone
 *     13     an empty or an overlong route
 * Bits 5 and 6 of `what` choose how the daemon answers: answer, upload, download, not yet. */
enum { ANSWER_AT_ONCE, TAKE_PARTS, SEND_PARTS, LATER };

struct model {
	struct kl_control_server server;
	uint64_t now;
};

static void check_server(const struct kl_control_server *server)
{
	for (unsigned i = 0; i < KL_CONTROL_CLIENTS; i++) {
		const struct kl_control_client *a = &server->clients[i];

		if (a->phase == KL_CONTROL_FREE)
			continue;
		FUZZ_CHECK(a->route_len && a->route_len <= KL_CONTROL_ROUTE_MAX);
		FUZZ_CHECK(a->credits <= KL_CONTROL_CREDITS && a->parts <= KL_CONTROL_PARTS_MAX);
		for (unsigned j = 0; j < i; j++) {
			const struct kl_control_client *b = &server->clients[j];

			FUZZ_CHECK(b->phase == KL_CONTROL_FREE || a->route_len != b->route_len ||
				   memcmp(a->route, b->route, a->route_len) != 0);
		}
	}
}

static void daemon_does(struct model *m, const struct kl_control_update *u, unsigned how)
{
	const struct kl_control_client *client = &m->server.clients[u->place];

	FUZZ_CHECK(u->place < KL_CONTROL_CLIENTS);
	switch (u->action) {
	case KL_CONTROL_DO_NOTHING:
		break;
	case KL_CONTROL_DO_REFUSE:
		FUZZ_CHECK(u->fault.code < 0);
		break;
	case KL_CONTROL_DO_DROP:
		FUZZ_CHECK(u->fault.code < 0 && client->phase == KL_CONTROL_FREE);
		break;
	case KL_CONTROL_DO_PART:
		FUZZ_CHECK(client->phase == KL_CONTROL_UPLOADING);
		kl_control_reply(&m->server, u->place, KL_CONTROL_CREDIT, 1);
		break;
	case KL_CONTROL_DO_ALIVE:
		kl_control_reply(&m->server, u->place, KL_CONTROL_ALIVE, 0);
		break;
	case KL_CONTROL_DO_ASK:
	case KL_CONTROL_DO_END:
	case KL_CONTROL_DO_MORE:
		FUZZ_CHECK(client->phase == KL_CONTROL_ASKED);
		if (how == TAKE_PARTS && u->action == KL_CONTROL_DO_ASK)
			kl_control_reply(
				&m->server, u->place, KL_CONTROL_CREDIT, KL_CONTROL_CREDITS);
		else if (how == SEND_PARTS)
			kl_control_reply(&m->server, u->place, KL_CONTROL_PART, 0);
		else if (how != LATER)
			kl_control_reply(&m->server, u->place, KL_CONTROL_ANSWER, 0);
		break;
	}
}

static void message_comes(struct model *m, unsigned kind, uint8_t who, size_t route_len,
	struct kl_bytes body, unsigned how)
{
	uint8_t route[KL_CONTROL_ROUTE_MAX + 2] = {0, who, 'r'};
	struct kl_bytes frames[KL_CONTROL_FRAMES];
	struct kl_control_message message;
	struct kl_control_update update;
	struct kl_control_head head;
	struct kl_fault fault;
	uint32_t request;
	int rc;

	kl_control_frames(&head, kind, 1, body, frames);
	rc = kl_control_decode(frames, KL_CONTROL_FRAMES, &fault, &request, &message);
	kl_control_received(&m->server, m->now, kl_bytes(route, route_len), request,
		rc ? NULL : &message, &fault, &update);
	daemon_does(m, &update, how);
}

static void time_passes(struct model *m, uint64_t ms)
{
	struct kl_control_update update;
	unsigned dropped = 0;

	m->now += ms;
	while (kl_control_tick(&m->server, m->now, &update)) {
		FUZZ_CHECK(update.action == KL_CONTROL_DO_DROP && ++dropped <= KL_CONTROL_CLIENTS);
		daemon_does(m, &update, 0);
	}
}

static void script_ask(struct kl_writer *script, unsigned how, uint8_t who)
{
	struct kl_bytes body;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_control_write_ask(&w, "status", kl_bytes(no_args, sizeof no_args));
	FUZZ_CHECK(!kl_writer_bytes(&w, &body));
	fuzz_step(script, (uint8_t)(KL_CONTROL_ASK | how << 5), who, body);
	kl_writer_deinit(&w);
}

static void script_upload(struct kl_writer *script, uint8_t who, unsigned parts)
{
	struct kl_bytes body;
	struct kl_hash state;
	struct kl_writer w;
	struct kl_id hash;

	script_ask(script, TAKE_PARTS, who);
	kl_hash_init(&state, KL_CONTROL_HASH_TAG);
	kl_writer_init(&w);
	for (unsigned i = 0; i < parts; i++) {
		kl_control_write_part(&w, i, kl_bytes(rows, sizeof rows));
		FUZZ_CHECK(!kl_writer_bytes(&w, &body));
		fuzz_step(script, KL_CONTROL_PART, who, body);
		kl_writer_reset(&w);
		kl_hash_add(&state, kl_bytes(rows, sizeof rows));
	}
	kl_hash_final(&state, &hash);
	kl_control_write_end(&w, parts, &hash);
	FUZZ_CHECK(!kl_writer_bytes(&w, &body));
	fuzz_step(script, KL_CONTROL_END, who, body);
	kl_writer_deinit(&w);
}

void kl_fuzz_samples_control_server(struct fuzz_corpus *corpus)
{
	struct kl_bytes empty = kl_bytes(no_args, sizeof no_args);
	struct kl_writer w;

	kl_writer_init(&w);
	script_ask(&w, ANSWER_AT_ONCE, 1);
	script_upload(&w, 2, 11);
	fuzz_sample_written(corpus, &w);
	script_ask(&w, SEND_PARTS, 1);
	for (int i = 0; i < 3; i++)
		fuzz_step(&w, KL_CONTROL_MORE | SEND_PARTS << 5, 1, empty);
	fuzz_step(&w, KL_CONTROL_MORE, 1, empty);
	fuzz_sample_written(corpus, &w);
	for (uint8_t who = 0; who < KL_CONTROL_CLIENTS + 2; who++)
		script_ask(&w, LATER, who);
	fuzz_step(&w, KL_CONTROL_ALIVE, 3, empty);
	fuzz_step(&w, KL_CONTROL_CANCEL, 4, empty);
	fuzz_step(&w, 12, 5, kl_bytes(NULL, 0));
	fuzz_step(&w, 11, 0, kl_bytes(rows, sizeof rows));
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

int kl_fuzz_control_server(const uint8_t *data, size_t len)
{
	struct fuzz_script script = {data, len};
	struct model *m = calloc(1, sizeof *m);

	FUZZ_CHECK(m);
	kl_control_server_init(&m->server, KL_CONTROL_SILENCE_MS);
	while (script.len) {
		uint8_t what = fuzz_u8(&script), who = fuzz_u8(&script);
		uint16_t size = fuzz_u16(&script);
		unsigned step = what & 0x1f, how = what >> 5 & 3;

		if (step == 11)
			time_passes(m, (uint64_t)size * 16);
		else if (step == 12)
			kl_control_gone(&m->server, who % KL_CONTROL_CLIENTS);
		else
			message_comes(m, step, who, step == 13 ? who % 67 : 3,
				fuzz_bytes(&script, size), how);
		check_server(&m->server);
	}
	time_passes(m, KL_CONTROL_SILENCE_MS);
	for (unsigned i = 0; i < KL_CONTROL_CLIENTS; i++)
		FUZZ_CHECK(m->server.clients[i].phase == KL_CONTROL_FREE);
	free(m);
	return 1;
}

/* ---- JSON ---------------------------------------------------------------------------------- */

void kl_fuzz_samples_json(struct fuzz_corpus *corpus)
{
	struct kl_id id = {{0xab}};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_write_map(&w, 7);
	kl_put_text(&w, "name", "Café £ \"x\"\n");
	kl_put_int(&w, "pence", INT64_MIN);
	kl_put_uint(&w, "most", INT64_MAX);
	kl_put_double(&w, "lm3", 2.43);
	kl_put_nil(&w, "central");
	kl_put_id(&w, "id", &id);
	kl_put_array(&w, "list", 2);
	kl_write_bool(&w, true);
	kl_write_map(&w, 0);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

int kl_fuzz_json(const uint8_t *data, size_t len)
{
	struct kl_value value;
	json_t *json = NULL, *again;
	json_error_t error;
	char *text;

	if (kl_value_open(kl_bytes(data, len), &value) || kl_json_from_value(&value, &json)) {
		FUZZ_CHECK(!json);
		return 0;
	}
	text = json_dumps(json, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
	FUZZ_CHECK(text);
	again = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	FUZZ_CHECK(again && json_equal(json, again));
	json_decref(again);
	json_decref(json);
	free(text);
	return 1;
}
