#include "core/error.h"
#include "protocol/control.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- messages ------------------------------------------------------------------------------ */

/* A message as it goes over the wire, and as it comes out on the other side. */
struct letter {
	struct kl_writer body;
	struct kl_control_head head;
	struct kl_bytes frames[KL_CONTROL_FRAMES];
	struct kl_control_message message;
};

static void open_letter(struct letter *letter)
{
	memset(letter, 0, sizeof *letter);
	kl_writer_init(&letter->body);
}

static void send_letter(struct letter *letter, enum kl_control_kind kind, uint32_t request)
{
	struct kl_bytes body;
	struct kl_fault fault;
	uint32_t number;

	assert_int_equal(kl_writer_bytes(&letter->body, &body), 0);
	kl_control_frames(&letter->head, kind, request, body, letter->frames);
	assert_int_equal(
		kl_control_decode(letter->frames, 3, &fault, &number, &letter->message), 0);
	assert_int_equal(letter->message.kind, kind);
	assert_int_equal(letter->message.request, request);
	assert_int_equal(number, request);
}

static void close_letter(struct letter *letter)
{
	kl_writer_deinit(&letter->body);
}

static const uint8_t no_args[] = {0x80}, rows_of_two[] = {0x92, 0x01, 0x02};

static void an_ask_names_a_command_and_its_arguments(void **state)
{
	static const uint8_t args[] = {0x81, 0xa1, 'n', 0x07};
	struct letter l;
	uint64_t n;

	(void)state;
	open_letter(&l);
	kl_control_write_ask(&l.body, "lm3 result", kl_bytes(args, sizeof args));
	send_letter(&l, KL_CONTROL_ASK, 0xfeedbeef);
	assert_string_equal(l.message.u.ask.command, "lm3 result");
	assert_int_equal(kl_get_uint(&l.message.u.ask.args, "n", 10, &n), 0);
	assert_int_equal(n, 7);
	close_letter(&l);
}

static void all_kinds_come_out_as_they_went_in(void **state)
{
	struct kl_fault fault = {
		.code = KL_E_NOT_FOUND, .message = "no project", .hint = "lm3 new"};
	struct kl_id hash = {{1, 2, 3}};
	struct letter l;

	(void)state;
	open_letter(&l);
	kl_control_write_progress(&l.body, 5, 0, "reading suppliers");
	send_letter(&l, KL_CONTROL_PROGRESS, 1);
	assert_int_equal(l.message.u.progress.done, 5);
	assert_int_equal(l.message.u.progress.total, 0);
	assert_string_equal(l.message.u.progress.what, "reading suppliers");

	kl_writer_reset(&l.body);
	kl_control_write_refused(&l.body, &fault);
	send_letter(&l, KL_CONTROL_REFUSED, 1);
	assert_int_equal(l.message.u.refused.code, KL_E_NOT_FOUND);
	assert_string_equal(l.message.u.refused.message, "no project");
	assert_string_equal(l.message.u.refused.hint, "lm3 new");

	kl_writer_reset(&l.body);
	kl_control_write_credit(&l.body, KL_CONTROL_CREDITS);
	send_letter(&l, KL_CONTROL_CREDIT, 1);
	assert_int_equal(l.message.u.credit, 8);

	kl_writer_reset(&l.body);
	kl_control_write_part(&l.body, 3, kl_bytes(rows_of_two, sizeof rows_of_two));
	send_letter(&l, KL_CONTROL_PART, 1);
	assert_int_equal(l.message.u.part.number, 3);
	assert_true(kl_bytes_equal(
		l.message.u.part.rows.raw, kl_bytes(rows_of_two, sizeof rows_of_two)));

	kl_writer_reset(&l.body);
	kl_control_write_end(&l.body, 4, &hash);
	send_letter(&l, KL_CONTROL_END, 1);
	assert_int_equal(l.message.u.end.parts, 4);
	assert_true(kl_id_equal(&l.message.u.end.hash, &hash));

	kl_writer_reset(&l.body);
	kl_control_write_empty(&l.body);
	send_letter(&l, KL_CONTROL_MORE, 1);
	send_letter(&l, KL_CONTROL_ALIVE, 1);
	send_letter(&l, KL_CONTROL_ANSWER, 1);
	assert_int_equal(l.message.body.count, 0);
	close_letter(&l);
}

static int decode(uint8_t kind, struct kl_bytes body, struct kl_fault *fault)
{
	struct kl_control_head head;
	struct kl_bytes frames[3];
	struct kl_control_message message = {.request = 77};
	uint32_t request;
	int rc;

	kl_control_frames(&head, KL_CONTROL_ASK, 9, body, frames);
	head.kind[0] = kind;
	rc = kl_control_decode(frames, 3, fault, &request, &message);
	assert_int_equal(request, 9);
	if (rc)
		assert_int_equal(message.request, 77); /* untouched on failure */
	return rc;
}

static void what_is_no_message(void **state)
{
	static const uint8_t big[KL_CONTROL_BODY_MAX + 1];
	struct kl_bytes frames[3] = {
		kl_bytes("\1", 1), kl_bytes("\0\0\0\0", 4), kl_bytes("\x80", 1)};
	struct kl_control_message m;
	struct kl_fault fault = {0};
	uint32_t request = 5;

	(void)state;
	assert_int_equal(kl_control_decode(frames, 2, &fault, &request, &m), KL_E_MALFORMED);
	assert_int_equal(request, 0);
	frames[1].len = 3;
	assert_int_equal(kl_control_decode(frames, 3, &fault, &request, &m), KL_E_MALFORMED);
	assert_int_equal(decode(0, kl_bytes(no_args, 1), &fault), KL_E_MALFORMED);
	assert_int_equal(decode(11, kl_bytes(no_args, 1), &fault), KL_E_MALFORMED);
	assert_int_equal(decode(KL_CONTROL_ASK, kl_bytes(no_args, 1), &fault), KL_E_MALFORMED);
	assert_int_equal(decode(KL_CONTROL_ANSWER, kl_bytes("\x90", 1), &fault), KL_E_MALFORMED);
	assert_int_equal(decode(KL_CONTROL_ANSWER, kl_bytes("", 0), &fault), KL_E_MALFORMED);
	assert_int_equal(
		decode(KL_CONTROL_ANSWER, kl_bytes("\x80\x80", 2), &fault), KL_E_MALFORMED);
	assert_int_equal(
		decode(KL_CONTROL_ANSWER, kl_bytes(big, sizeof big), &fault), KL_E_TOO_BIG);
	/* Claims four thousand million pairs and brings none. */
	assert_int_equal(decode(KL_CONTROL_ANSWER, kl_bytes("\xdf\xff\xff\xff\xff", 5), &fault),
		KL_E_MALFORMED);
	assert_true(fault.message[0] != '\0');
}

static void another_version_is_refused_in_words(void **state)
{
	struct kl_writer w;
	struct kl_bytes body;
	struct kl_fault fault = {0};

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 3);
	kl_put_uint(&w, "v", KL_CONTROL_VERSION + 1);
	kl_put_text(&w, "command", "status");
	kl_put_map(&w, "args", 0);
	assert_int_equal(kl_writer_bytes(&w, &body), 0);
	assert_int_equal(decode(KL_CONTROL_ASK, body, &fault), KL_E_VERSION);
	assert_non_null(strstr(fault.message, "version 2"));
	assert_true(fault.hint[0] != '\0');
	kl_writer_deinit(&w);
}

/* The largest bin that a part can hold has a head of three bytes. */
static void a_part_has_a_limit(void **state)
{
	static const struct {
		size_t len;
		int code;
	} cases[] = {{KL_CONTROL_PART_MAX - 3, 0}, {KL_CONTROL_PART_MAX, KL_E_TOO_BIG}};
	static const uint8_t zeros[KL_CONTROL_PART_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_writer w, rows;
		struct kl_bytes body, value;
		struct kl_fault fault = {0};

		kl_writer_init(&w);
		kl_writer_init(&rows);
		kl_write_bin(&rows, kl_bytes(zeros, cases[i].len));
		assert_int_equal(kl_writer_bytes(&rows, &value), 0);
		kl_control_write_part(&w, 0, value);
		assert_int_equal(kl_writer_bytes(&w, &body), 0);
		assert_int_equal(decode(KL_CONTROL_PART, body, &fault), cases[i].code);
		kl_writer_deinit(&rows);
		kl_writer_deinit(&w);
	}
}

/* ---- the daemon's side --------------------------------------------------------------------- */

struct room {
	struct kl_control_server server;
	struct kl_control_update update;
	uint64_t now;
};

static struct kl_bytes route_of(const char *name)
{
	return kl_bytes(name, strlen(name));
}

static enum kl_control_action say(
	struct room *room, const char *who, const struct kl_control_message *m)
{
	kl_control_received(
		&room->server, room->now, route_of(who), m->request, m, NULL, &room->update);
	return room->update.action;
}

static enum kl_control_action say_kind(
	struct room *room, const char *who, enum kl_control_kind kind, uint32_t request)
{
	struct kl_control_message m = {.kind = kind, .request = request};

	return say(room, who, &m);
}

static enum kl_control_action say_part(
	struct room *room, const char *who, uint32_t request, uint64_t number)
{
	struct kl_control_message m = {.kind = KL_CONTROL_PART, .request = request};

	m.u.part.number = number;
	m.u.part.rows.raw = kl_bytes(rows_of_two, sizeof rows_of_two);
	return say(room, who, &m);
}

static enum kl_control_action say_end(
	struct room *room, const char *who, uint32_t request, uint64_t parts, bool right)
{
	struct kl_control_message m = {.kind = KL_CONTROL_END, .request = request};
	struct kl_hash hash;

	kl_hash_init(&hash, KL_CONTROL_HASH_TAG);
	for (uint64_t i = 0; i < parts; i++)
		kl_hash_add(&hash, kl_bytes(rows_of_two, sizeof rows_of_two));
	kl_hash_final(&hash, &m.u.end.hash);
	m.u.end.hash.b[0] ^= !right;
	m.u.end.parts = parts;
	return say(room, who, &m);
}

static void room_init(struct room *room)
{
	memset(room, 0, sizeof *room);
	room->now = 1000;
	kl_control_server_init(&room->server, KL_CONTROL_SILENCE_MS);
}

static void one_request_at_a_time_then_the_next(void **state)
{
	struct room room;

	(void)state;
	room_init(&room);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_ASK, 1), KL_CONTROL_DO_ASK);
	assert_int_equal(room.update.place, 0);
	assert_int_equal(say_kind(&room, "bob", KL_CONTROL_ASK, 1), KL_CONTROL_DO_ASK);
	assert_int_equal(room.update.place, 1);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_ASK, 2), KL_CONTROL_DO_REFUSE);
	assert_int_equal(room.update.fault.code, KL_E_BUSY);
	assert_int_equal(room.update.request, 2);
	kl_control_reply(&room.server, 0, KL_CONTROL_PROGRESS, 0);
	kl_control_reply(&room.server, 0, KL_CONTROL_ANSWER, 0);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_ALIVE, 1), KL_CONTROL_DO_REFUSE);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_ASK, 3), KL_CONTROL_DO_ASK);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_ALIVE, 3), KL_CONTROL_DO_ALIVE);
}

static void the_seventeenth_is_refused_in_words(void **state)
{
	struct room room;
	char name[8];

	(void)state;
	room_init(&room);
	for (int i = 0; i < KL_CONTROL_CLIENTS; i++) {
		snprintf(name, sizeof name, "c%d", i);
		assert_int_equal(say_kind(&room, name, KL_CONTROL_ASK, 1), KL_CONTROL_DO_ASK);
	}
	assert_int_equal(say_kind(&room, "late", KL_CONTROL_ASK, 1), KL_CONTROL_DO_REFUSE);
	assert_int_equal(room.update.fault.code, KL_E_BUSY);
	assert_string_equal(room.update.fault.message, "16 commands are being served already");
	kl_control_gone(&room.server, 7);
	assert_int_equal(say_kind(&room, "late", KL_CONTROL_ASK, 2), KL_CONTROL_DO_ASK);
	assert_int_equal(room.update.place, 7);
}

static void an_upload_follows_its_credits(void **state)
{
	struct room room;

	(void)state;
	room_init(&room);
	say_kind(&room, "ann", KL_CONTROL_ASK, 1);
	kl_control_reply(&room.server, 0, KL_CONTROL_CREDIT, 2);
	assert_int_equal(say_part(&room, "ann", 1, 0), KL_CONTROL_DO_PART);
	assert_int_equal(say_part(&room, "ann", 1, 1), KL_CONTROL_DO_PART);
	kl_control_reply(&room.server, 0, KL_CONTROL_CREDIT, 1);
	assert_int_equal(say_part(&room, "ann", 1, 2), KL_CONTROL_DO_PART);
	assert_int_equal(say_end(&room, "ann", 1, 3, true), KL_CONTROL_DO_END);
	kl_control_reply(&room.server, 0, KL_CONTROL_ANSWER, 0);
	/* nothing at all is an upload, too */
	say_kind(&room, "ann", KL_CONTROL_ASK, 2);
	kl_control_reply(&room.server, 0, KL_CONTROL_CREDIT, 2);
	assert_int_equal(say_end(&room, "ann", 2, 0, true), KL_CONTROL_DO_END);
}

/* Each begins a new upload with two credits and breaks one rule. */
static void an_upload_that_breaks_a_rule_is_dropped(void **state)
{
	struct room room;

	(void)state;
	for (int rule = 0; rule < 6; rule++) {
		enum kl_control_action action;

		room_init(&room);
		say_kind(&room, "ann", KL_CONTROL_ASK, 1);
		if (rule != 0)
			kl_control_reply(&room.server, 0, KL_CONTROL_CREDIT, 2);
		if (rule >= 2)
			assert_int_equal(say_part(&room, "ann", 1, 0), KL_CONTROL_DO_PART);
		if (rule == 2)
			assert_int_equal(say_part(&room, "ann", 1, 1), KL_CONTROL_DO_PART);
		switch (rule) {
		case 0: /* none was asked for */
			action = say_part(&room, "ann", 1, 0);
			break;
		case 1: /* out of order */
			action = say_part(&room, "ann", 1, 1);
			break;
		case 2: /* no credit left */
			action = say_part(&room, "ann", 1, 2);
			break;
		case 3: /* one part is missing */
			action = say_end(&room, "ann", 1, 2, true);
			break;
		case 4: /* a part changed on its way */
			action = say_end(&room, "ann", 1, 1, false);
			break;
		default: /* the daemon's words */
			action = say_kind(&room, "ann", KL_CONTROL_CREDIT, 1);
			break;
		}
		assert_int_equal(action, KL_CONTROL_DO_DROP);
		assert_int_equal(room.update.place, 0);
		assert_true(room.update.fault.message[0] != '\0');
		assert_int_equal(room.server.clients[0].phase, KL_CONTROL_FREE);
		/* What is still on its way is of no interest any more. */
		assert_int_equal(say_part(&room, "ann", 1, 5), KL_CONTROL_DO_REFUSE);
	}
}

static void a_download_is_pulled(void **state)
{
	struct room room;

	(void)state;
	room_init(&room);
	say_kind(&room, "ann", KL_CONTROL_ASK, 1);
	kl_control_reply(&room.server, 0, KL_CONTROL_PART, 0);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_MORE, 1), KL_CONTROL_DO_MORE);
	/* twice without a part between them is once too often */
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_MORE, 1), KL_CONTROL_DO_DROP);
}

static void a_client_may_give_up(void **state)
{
	struct room room;

	(void)state;
	room_init(&room);
	say_kind(&room, "ann", KL_CONTROL_ASK, 1);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_CANCEL, 1), KL_CONTROL_DO_DROP);
	assert_int_equal(room.server.clients[0].phase, KL_CONTROL_FREE);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_CANCEL, 1), KL_CONTROL_DO_NOTHING);
}

/* A daemon that was started anew knows nothing of what its predecessor was asked. */
static void who_asked_an_earlier_daemon_is_told(void **state)
{
	struct room room;

	(void)state;
	room_init(&room);
	assert_int_equal(say_kind(&room, "ann", KL_CONTROL_ALIVE, 8), KL_CONTROL_DO_REFUSE);
	assert_int_equal(room.update.request, 8);
	assert_int_equal(kl_error_exit(room.update.fault.code), 75);
	assert_int_equal(say_part(&room, "ann", 8, 3), KL_CONTROL_DO_REFUSE);
}

static void silence_frees_a_place(void **state)
{
	struct room room;

	(void)state;
	room_init(&room);
	say_kind(&room, "ann", KL_CONTROL_ASK, 1);
	say_kind(&room, "bob", KL_CONTROL_ASK, 1);
	room.now += KL_CONTROL_SILENCE_MS - 1;
	say_kind(&room, "bob", KL_CONTROL_ALIVE, 1);
	assert_false(kl_control_tick(&room.server, room.now, &room.update));
	room.now += 1;
	assert_true(kl_control_tick(&room.server, room.now, &room.update));
	assert_int_equal(room.update.action, KL_CONTROL_DO_DROP);
	assert_int_equal(room.update.place, 0);
	assert_int_equal(room.update.fault.code, KL_E_TIMEOUT);
	assert_false(kl_control_tick(&room.server, room.now, &room.update));
}

static void junk_is_refused_and_ends_an_open_request(void **state)
{
	struct kl_fault fault;
	struct room room;

	(void)state;
	room_init(&room);
	kl_fault(&fault, KL_E_MALFORMED, "not a message");
	kl_control_received(&room.server, 0, route_of("ann"), 4, NULL, &fault, &room.update);
	assert_int_equal(room.update.action, KL_CONTROL_DO_REFUSE);
	assert_int_equal(room.update.request, 4);
	say_kind(&room, "ann", KL_CONTROL_ASK, 1);
	kl_control_received(&room.server, 0, route_of("ann"), 4, NULL, &fault, &room.update);
	assert_int_equal(room.update.action, KL_CONTROL_DO_DROP);
	assert_int_equal(room.update.request, 1);
	assert_string_equal(room.update.fault.message, "not a message");
	kl_control_received(&room.server, 0, kl_bytes("", 0), 4, NULL, &fault, &room.update);
	assert_int_equal(room.update.action, KL_CONTROL_DO_NOTHING);
}

/* ---- whatever comes ------------------------------------------------------------------------ */

static uint32_t draw(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* A true message with a few bytes changed, cut or added. */
static size_t spoil(uint8_t *out, size_t size, struct kl_bytes good, uint32_t *seed)
{
	size_t len = good.len < size ? good.len : size;

	memcpy(out, good.data, len);
	for (uint32_t n = draw(seed) % 4; n-- > 0;)
		out[draw(seed) % len] = (uint8_t)draw(seed);
	return draw(seed) % 3 ? len : draw(seed) % (len + 1);
}

static void no_frames_do_harm(void **state)
{
	uint32_t seed = 20260823;
	struct kl_writer w;
	struct room room;
	unsigned understood = 0, refused = 0;

	(void)state;
	kl_writer_init(&w);
	room_init(&room);
	for (int i = 0; i < 20000; i++) {
		struct kl_control_head head;
		struct kl_bytes body, frames[3];
		struct kl_control_message m;
		struct kl_fault fault;
		struct kl_id hash = {{0}};
		uint8_t spoilt[256];
		uint32_t request, first = seed;
		int rc;

		kl_writer_reset(&w);
		switch (draw(&seed) % 4) {
		case 0:
			kl_control_write_ask(&w, "status", kl_bytes(no_args, 1));
			break;
		case 1:
			kl_control_write_part(&w, draw(&seed) % 3, kl_bytes(rows_of_two, 3));
			break;
		case 2:
			kl_control_write_end(&w, 1, &hash);
			break;
		default:
			kl_control_write_credit(&w, 1);
		}
		assert_int_equal(kl_writer_bytes(&w, &body), 0);
		body = kl_bytes(spoilt, spoil(spoilt, sizeof spoilt, body, &seed));
		kl_control_frames(&head, draw(&seed) % 12, draw(&seed) % 2, body, frames);
		rc = kl_control_decode(frames, 3, &fault, &request, &m);
		if (rc && !fault.message[0])
			fail_msg("seed %u: no words for %d", first, rc);
		kl_control_received(&room.server, 0, route_of(draw(&seed) % 2 ? "ann" : "bob"),
			request, rc ? NULL : &m, &fault, &room.update);
		if (room.update.action == KL_CONTROL_DO_ASK && draw(&seed) % 2)
			kl_control_reply(&room.server, room.update.place, KL_CONTROL_CREDIT, 8);
		*(rc ? &refused : &understood) += 1;
	}
	assert_true(understood > 1000);
	assert_true(refused > 1000);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ask_names_a_command_and_its_arguments),
		cmocka_unit_test(all_kinds_come_out_as_they_went_in),
		cmocka_unit_test(what_is_no_message),
		cmocka_unit_test(another_version_is_refused_in_words),
		cmocka_unit_test(a_part_has_a_limit),
		cmocka_unit_test(one_request_at_a_time_then_the_next),
		cmocka_unit_test(the_seventeenth_is_refused_in_words),
		cmocka_unit_test(an_upload_follows_its_credits),
		cmocka_unit_test(an_upload_that_breaks_a_rule_is_dropped),
		cmocka_unit_test(a_download_is_pulled),
		cmocka_unit_test(a_client_may_give_up),
		cmocka_unit_test(who_asked_an_earlier_daemon_is_told),
		cmocka_unit_test(silence_frees_a_place),
		cmocka_unit_test(junk_is_refused_and_ends_an_open_request),
		cmocka_unit_test(no_frames_do_harm),
	};

	return RUN(tests);
}
