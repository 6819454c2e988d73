#include "protocol/control.h"

#include <string.h>

void kl_control_server_init(struct kl_control_server *server, uint64_t silence_ms)
{
	memset(server, 0, sizeof *server);
	server->silence_ms = silence_ms;
}

static struct kl_control_client *find_client(
	struct kl_control_server *server, struct kl_bytes route)
{
	for (unsigned i = 0; i < KL_CONTROL_CLIENTS; i++) {
		struct kl_control_client *c = &server->clients[i];

		if (c->phase != KL_CONTROL_FREE &&
			kl_bytes_equal(route, kl_bytes(c->route, c->route_len)))
			return c;
	}
	return NULL;
}

static void act(struct kl_control_server *server, struct kl_control_client *client,
	enum kl_control_action action, struct kl_control_update *update)
{
	update->action = action;
	update->place = (unsigned)(client - server->clients);
	update->request = client->request;
}

/* The request is over, and whoever made it is told why. */
static void drop(struct kl_control_server *server, struct kl_control_client *client,
	struct kl_control_update *update)
{
	act(server, client, KL_CONTROL_DO_DROP, update);
	client->phase = KL_CONTROL_FREE;
}

static void broken(struct kl_control_server *server, struct kl_control_client *client,
	const char *what, struct kl_control_update *update)
{
	kl_fault(&update->fault, KL_E_MALFORMED, "the command sent %s", what);
	kl_fault_hint(&update->fault, "install keeplocal and keeplocald of one version");
	drop(server, client, update);
}

/* ---- messages ------------------------------------------------------------------------------ */

static void on_ask(struct kl_control_server *server, uint64_t now_ms, struct kl_bytes route,
	const struct kl_control_message *m, struct kl_control_update *update)
{
	for (unsigned i = 0; i < KL_CONTROL_CLIENTS; i++) {
		struct kl_control_client *c = &server->clients[i];

		if (c->phase != KL_CONTROL_FREE)
			continue;
		memset(c, 0, sizeof *c);
		c->phase = KL_CONTROL_ASKED;
		memcpy(c->route, route.data, route.len);
		c->route_len = route.len;
		c->request = m->request;
		c->heard_ms = now_ms;
		act(server, c, KL_CONTROL_DO_ASK, update);
		return;
	}
	update->action = KL_CONTROL_DO_REFUSE;
	kl_fault(&update->fault, KL_E_BUSY, "%d commands are being served already",
		KL_CONTROL_CLIENTS);
	kl_fault_hint(&update->fault, "try again in a moment");
}

static void on_part(struct kl_control_server *server, struct kl_control_client *c,
	const struct kl_control_message *m, struct kl_control_update *update)
{
	if (c->phase != KL_CONTROL_UPLOADING || c->credits == 0) {
		broken(server, c, "a part that was not asked for", update);
		return;
	}
	if (m->u.part.number != c->parts) {
		broken(server, c, "its parts out of order", update);
		return;
	}
	if (c->parts == KL_CONTROL_PARTS_MAX) {
		kl_fault(&update->fault, KL_E_TOO_BIG, "more than %d parts", KL_CONTROL_PARTS_MAX);
		drop(server, c, update);
		return;
	}
	if (c->parts == 0)
		kl_hash_init(&c->hash, KL_CONTROL_HASH_TAG);
	kl_hash_add(&c->hash, m->u.part.rows.raw);
	c->parts++;
	c->credits--;
	act(server, c, KL_CONTROL_DO_PART, update);
}

static void on_end(struct kl_control_server *server, struct kl_control_client *c,
	const struct kl_control_message *m, struct kl_control_update *update)
{
	struct kl_id hash;

	if (c->phase != KL_CONTROL_UPLOADING) {
		broken(server, c, "the end of something that was not begun", update);
		return;
	}
	if (c->parts == 0)
		kl_hash_init(&c->hash, KL_CONTROL_HASH_TAG);
	kl_hash_final(&c->hash, &hash);
	if (m->u.end.parts != c->parts || !kl_id_equal(&hash, &m->u.end.hash)) {
		broken(server, c, "parts that do not add up", update);
		return;
	}
	c->phase = KL_CONTROL_ASKED;
	act(server, c, KL_CONTROL_DO_END, update);
}

static void on_more(struct kl_control_server *server, struct kl_control_client *c,
	struct kl_control_update *update)
{
	if (c->phase != KL_CONTROL_PULLING) {
		broken(server, c, "a wish for more of nothing", update);
		return;
	}
	c->phase = KL_CONTROL_ASKED;
	act(server, c, KL_CONTROL_DO_MORE, update);
}

/* A message of a client about the request that it has open. */
static void on_open(struct kl_control_server *server, struct kl_control_client *c,
	const struct kl_control_message *m, struct kl_control_update *update)
{
	switch (m->kind) {
	case KL_CONTROL_PART:
		on_part(server, c, m, update);
		break;
	case KL_CONTROL_END:
		on_end(server, c, m, update);
		break;
	case KL_CONTROL_MORE:
		on_more(server, c, update);
		break;
	case KL_CONTROL_ALIVE:
		act(server, c, KL_CONTROL_DO_ALIVE, update);
		break;
	case KL_CONTROL_CANCEL:
		kl_fault(&update->fault, KL_E_DENIED, "given up by the command");
		drop(server, c, update);
		break;
	default:
		broken(server, c, "what only a daemon says", update);
	}
}

static void refuse(struct kl_control_update *update, const struct kl_fault *fault)
{
	update->action = KL_CONTROL_DO_REFUSE;
	update->fault = *fault;
}

/* Late news of a request that has ended, which its client knows already and will not read; or a
 * request that an earlier daemon took with it, and whose client must be told. */
static void on_stray(const struct kl_control_message *m, struct kl_control_update *update)
{
	if (m->kind == KL_CONTROL_CANCEL)
		return;
	update->action = KL_CONTROL_DO_REFUSE;
	kl_fault(&update->fault, KL_E_BUSY, "the daemon knows nothing of this request any more");
	kl_fault_hint(&update->fault, "it may have been started anew: ask again");
}

void kl_control_received(struct kl_control_server *server, uint64_t now_ms, struct kl_bytes route,
	uint32_t request, const struct kl_control_message *message, const struct kl_fault *fault,
	struct kl_control_update *ret_update)
{
	struct kl_control_client *c = find_client(server, route);

	memset(ret_update, 0, sizeof *ret_update);
	ret_update->request = request;
	if (route.len == 0 || route.len > KL_CONTROL_ROUTE_MAX)
		return;
	if (c)
		c->heard_ms = now_ms;
	if (!message && c) {
		ret_update->fault = *fault;
		drop(server, c, ret_update);
	} else if (!message) {
		refuse(ret_update, fault);
	} else if (message->kind == KL_CONTROL_ASK && c) {
		struct kl_fault busy;

		kl_fault(&busy, KL_E_BUSY, "one request at a time");
		refuse(ret_update, &busy);
	} else if (message->kind == KL_CONTROL_ASK) {
		on_ask(server, now_ms, route, message, ret_update);
	} else if (c && message->request == c->request) {
		on_open(server, c, message, ret_update);
	} else {
		on_stray(message, ret_update);
	}
}

/* ---- the daemon's own moves ---------------------------------------------------------------- */

void kl_control_reply(struct kl_control_server *server, unsigned place, enum kl_control_kind kind,
	uint64_t credit)
{
	struct kl_control_client *c;

	KL_ASSERT(place < KL_CONTROL_CLIENTS);
	c = &server->clients[place];
	KL_ASSERT(c->phase != KL_CONTROL_FREE);
	switch (kind) {
	case KL_CONTROL_CREDIT:
		c->phase = KL_CONTROL_UPLOADING;
		c->credits += credit;
		break;
	case KL_CONTROL_PART:
		c->phase = KL_CONTROL_PULLING;
		break;
	case KL_CONTROL_ANSWER:
	case KL_CONTROL_REFUSED:
		c->phase = KL_CONTROL_FREE;
		break;
	default:
		break;
	}
}

void kl_control_gone(struct kl_control_server *server, unsigned place)
{
	KL_ASSERT(place < KL_CONTROL_CLIENTS);
	server->clients[place].phase = KL_CONTROL_FREE;
}

bool kl_control_tick(
	struct kl_control_server *server, uint64_t now_ms, struct kl_control_update *ret_update)
{
	for (unsigned i = 0; i < KL_CONTROL_CLIENTS; i++) {
		struct kl_control_client *c = &server->clients[i];

		if (c->phase == KL_CONTROL_FREE || now_ms - c->heard_ms < server->silence_ms)
			continue;
		memset(ret_update, 0, sizeof *ret_update);
		kl_fault(&ret_update->fault, KL_E_TIMEOUT,
			"nothing was heard of the command for %llu s",
			(unsigned long long)(server->silence_ms / 1000));
		drop(server, c, ret_update);
		return true;
	}
	return false;
}
