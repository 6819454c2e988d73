/* Tickets: what a convenor hands to a new member so that its daemon finds the network.
 *
 * One line of text: "kl1" and base32 of a msgpack array [network id, convenor identity,
 * [[endpoint, CURVE key], ..]] followed by 4 check bytes, the first of H("KL1/ticket", array).
 * A ticket is no secret and opens nothing: who gets in stands in the roster. */
#ifndef KL_PROTOCOL_TICKET_H
#define KL_PROTOCOL_TICKET_H

#include "core/bytes.h"
#include "core/error.h"
#include "protocol/wire.h"

enum {
	KL_ENDPOINT_MAX = 128, /* characters with the final zero, such as tcp://host:7700 */
	KL_CURVE_KEY_BYTES = 32,
	KL_TICKET_ENDPOINTS_MAX = 8,
	KL_TICKET_BYTES_MAX = 80 + KL_TICKET_ENDPOINTS_MAX * (KL_ENDPOINT_MAX + 40),
	KL_TICKET_TEXT_MAX = 3 + KL_BASE32_LEN(KL_TICKET_BYTES_MAX) + 1,
};

struct kl_endpoint {
	char address[KL_ENDPOINT_MAX];
	uint8_t curve_key[KL_CURVE_KEY_BYTES];
};

struct kl_ticket {
	struct kl_id network, convenor;
	size_t n_endpoints; /* 1 .. KL_TICKET_ENDPOINTS_MAX */
	struct kl_endpoint endpoints[KL_TICKET_ENDPOINTS_MAX];
};

/* True for tcp://HOST:PORT with a host of letters, digits, `.`, `-`, `_`, or an IPv6 address in
 * brackets, and a port of 1 to 65535. */
bool kl_endpoint_is_valid(const char *address);

/* One endpoint as tickets and endpoints records carry it: [address, CURVE key]. Reading is
 * KL_E_MALFORMED for anything else, and may leave half of it in *ret_endpoint then. */
void kl_endpoint_write(struct kl_writer *w, const struct kl_endpoint *endpoint);
int kl_endpoint_read(const struct kl_value *pair, struct kl_endpoint *ret_endpoint);

/* Writes the line without newline into `out`. KL_E_INVALID if there is no endpoint or a bad one. */
int kl_ticket_format(const struct kl_ticket *ticket, char out[KL_TICKET_TEXT_MAX]);

/* Reads a line; blanks, line breaks and `-` inside are skipped, since people copy out of mails.
 * KL_E_MALFORMED with a sentence for what is no ticket, is cut short or was mistyped. */
int kl_ticket_parse(const char *text, struct kl_ticket *ret_ticket, struct kl_fault *fault);

#endif
