#include "daemon/zap.h"
#include "daemon/log.h"

#include <stdlib.h>
#include <string.h>

struct kl_zap {
	struct kl_zsock sock;
	kl_zap_fn *admits;
	void *context;
	uint64_t refused;
	struct kl_log_quota lines;
};

/* The frames of a request; a REP socket keeps the envelope to itself. */
enum { VERSION, REQUEST, DOMAIN_, ADDRESS, IDENTITY, MECHANISM, CREDENTIALS, REQUEST_FRAMES };

static bool frame_is(const struct kl_zmessage *m, size_t i, const char *text)
{
	return i < m->count && kl_bytes_equal(kl_zmessage_frame(m, i), kl_bytes_str(text));
}

static void reply(struct kl_zap *zap, const struct kl_zmessage *m, bool yes, const char *user)
{
	const struct kl_bytes request =
		m->count > REQUEST ? kl_zmessage_frame(m, REQUEST) : kl_bytes("", 0);
	const struct kl_bytes frames[] = {kl_bytes_str("1.0"), request,
		kl_bytes_str(yes ? "200" : "400"),
		kl_bytes_str(yes ? "OK" : "not on the roster, or too often"), kl_bytes_str(user),
		kl_bytes("", 0)};

	if (kl_zsock_send(&zap->sock, frames, sizeof frames / sizeof *frames))
		kl_log(KL_LOG_WARNING, "an admission could not be answered");
}

/* Every request is answered, an odd one with no: a REP socket is deaf until it has replied. */
static void decide(struct kl_zap *zap, const struct kl_zmessage *m)
{
	char user[KL_ID_HEX_MAX] = "";
	struct kl_id identity;
	struct kl_bytes key = kl_bytes("", 0);

	if (m->count == REQUEST_FRAMES && frame_is(m, VERSION, "1.0") &&
		frame_is(m, MECHANISM, "CURVE"))
		key = kl_zmessage_frame(m, CREDENTIALS);
	if (key.len == 32 && zap->admits(zap->context, key.data, &identity)) {
		kl_hex(identity.b, KL_ID_BYTES, user);
		reply(zap, m, true, user);
		return;
	}
	zap->refused++;
	if (kl_log_may(&zap->lines, uv_now(zap->sock.loop->uv)))
		kl_log(KL_LOG_INFO,
			"refused a connection: its key is not on the roster, or calls too often");
	reply(zap, m, false, user);
}

static void on_request(struct kl_zsock *sock, int events)
{
	struct kl_zap *zap = sock->data;
	struct kl_zmessage m;

	(void)events;
	kl_zmessage_init(&m);
	while (!kl_zsock_receive(sock, &m))
		decide(zap, &m);
	kl_zmessage_deinit(&m);
}

int kl_zap_new(struct kl_zloop *loop, void *zmq, kl_zap_fn *admits, void *context,
	struct kl_fault *fault, struct kl_zap **ret_zap)
{
	struct kl_zap *zap = calloc(1, sizeof *zap);
	void *socket = zmq_socket(zmq, ZMQ_REP);
	int none = 0;

	if (!zap || !socket)
		goto fail;
	zap->admits = admits;
	zap->context = context;
	if (zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none) ||
		zmq_bind(socket, "inproc://zeromq.zap.01") ||
		kl_zsock_open(&zap->sock, loop, socket, ZMQ_POLLIN, on_request, zap))
		goto fail;
	*ret_zap = zap;
	return KL_OK;
fail:
	if (socket)
		zmq_close(socket);
	free(zap);
	return kl_fault(fault, KL_E_IO, "the admission of peers cannot be set up");
}

static void closed(struct kl_zsock *sock)
{
	free(sock->data);
}

void kl_zap_close(struct kl_zap *zap)
{
	if (zap)
		kl_zsock_close(&zap->sock, closed);
}

uint64_t kl_zap_refused(const struct kl_zap *zap)
{
	return zap->refused;
}
