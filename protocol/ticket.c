#include "protocol/ticket.h"
#include "core/hash.h"
#include "protocol/wire.h"

#include <string.h>

enum { CHECK = 4, PREFIX = 3 };

static const char prefix[] = "kl1";

/* ---- endpoints ----------------------------------------------------------------------------- */

static bool is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-' || c == '_';
}

/* Length of the host at `text`, 0 if there is none. */
static size_t host_len(const char *text)
{
	static const char ipv6[] = "0123456789abcdefABCDEF:.";
	size_t n;

	if (*text != '[') {
		for (n = 0; is_host_char(text[n]);)
			n++;
		return n;
	}
	n = strspn(text + 1, ipv6);
	return n >= 2 && text[n + 1] == ']' ? n + 2 : 0;
}

static bool is_port(const char *text)
{
	uint32_t port = 0;
	size_t n = 0;

	for (; text[n] >= '0' && text[n] <= '9' && n < 6; n++)
		port = port * 10 + (uint32_t)(text[n] - '0');
	return n && !text[n] && port >= 1 && port <= 65535 && text[0] != '0';
}

bool kl_endpoint_is_valid(const char *address)
{
	static const char scheme[] = "tcp://";
	size_t n;

	if (strlen(address) >= KL_ENDPOINT_MAX || strncmp(address, scheme, sizeof scheme - 1) != 0)
		return false;
	address += sizeof scheme - 1;
	n = host_len(address);
	return n && address[n] == ':' && is_port(address + n + 1);
}

/* ---- writing ------------------------------------------------------------------------------- */

static void check_bytes(struct kl_bytes array, uint8_t out[CHECK])
{
	struct kl_id hash;

	kl_hash_of("KL1/ticket", &array, 1, &hash);
	memcpy(out, hash.b, CHECK);
}

void kl_endpoint_write(struct kl_writer *w, const struct kl_endpoint *endpoint)
{
	kl_write_array(w, 2);
	kl_write_text(w, endpoint->address);
	kl_write_bin(w, kl_bytes(endpoint->curve_key, KL_CURVE_KEY_BYTES));
}

static void write_ticket(struct kl_writer *w, const struct kl_ticket *ticket)
{
	kl_write_array(w, 3);
	kl_write_id(w, &ticket->network);
	kl_write_id(w, &ticket->convenor);
	kl_write_array(w, ticket->n_endpoints);
	for (size_t i = 0; i < ticket->n_endpoints; i++)
		kl_endpoint_write(w, &ticket->endpoints[i]);
}

static int check_ticket(const struct kl_ticket *ticket)
{
	if (!ticket->n_endpoints || ticket->n_endpoints > KL_TICKET_ENDPOINTS_MAX)
		return KL_E_INVALID;
	for (size_t i = 0; i < ticket->n_endpoints; i++)
		if (!kl_endpoint_is_valid(ticket->endpoints[i].address))
			return KL_E_INVALID;
	return KL_OK;
}

int kl_ticket_format(const struct kl_ticket *ticket, char out[KL_TICKET_TEXT_MAX])
{
	struct kl_writer w;
	struct kl_bytes array;
	uint8_t check[CHECK];
	int rc = check_ticket(ticket);

	if (rc)
		return rc;
	kl_writer_init(&w);
	write_ticket(&w, ticket);
	rc = kl_writer_bytes(&w, &array);
	if (rc)
		goto out;
	check_bytes(array, check);
	kl_write_raw(&w, kl_bytes(check, CHECK));
	rc = kl_writer_bytes(&w, &array);
	if (rc)
		goto out;
	memcpy(out, prefix, PREFIX);
	kl_base32(array.data, array.len, out + PREFIX);
out:
	kl_writer_deinit(&w);
	return rc;
}

/* ---- reading ------------------------------------------------------------------------------- */

int kl_endpoint_read(const struct kl_value *pair, struct kl_endpoint *ret_endpoint)
{
	struct kl_cursor c = kl_cursor(pair);
	struct kl_value address, key;
	struct kl_bytes bin;

	if (pair->type != KL_WIRE_ARRAY || pair->count != 2 || !kl_cursor_next(&c, &address) ||
		!kl_cursor_next(&c, &key))
		return KL_E_MALFORMED;
	if (kl_value_text(&address, ret_endpoint->address, sizeof ret_endpoint->address) ||
		!kl_endpoint_is_valid(ret_endpoint->address))
		return KL_E_MALFORMED;
	if (kl_value_bin(&key, &bin) || bin.len != KL_CURVE_KEY_BYTES)
		return KL_E_MALFORMED;
	memcpy(ret_endpoint->curve_key, bin.data, KL_CURVE_KEY_BYTES);
	return KL_OK;
}

static int read_ticket(struct kl_bytes bytes, struct kl_ticket *ticket)
{
	struct kl_value array, network, convenor, list, item;
	struct kl_cursor c;

	if (kl_value_open(bytes, &array) || array.type != KL_WIRE_ARRAY || array.count != 3)
		return KL_E_MALFORMED;
	c = kl_cursor(&array);
	if (!kl_cursor_next(&c, &network) || !kl_cursor_next(&c, &convenor) ||
		!kl_cursor_next(&c, &list))
		return KL_E_MALFORMED;
	if (kl_value_id(&network, &ticket->network) || kl_value_id(&convenor, &ticket->convenor) ||
		list.type != KL_WIRE_ARRAY || !list.count || list.count > KL_TICKET_ENDPOINTS_MAX)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	for (; kl_cursor_next(&c, &item); ticket->n_endpoints++)
		if (kl_endpoint_read(&item, &ticket->endpoints[ticket->n_endpoints]))
			return KL_E_MALFORMED;
	return ticket->n_endpoints == list.count ? KL_OK : KL_E_MALFORMED;
}

/* Takes the characters that count; false if they are too many. */
static bool gather(const char *text, char out[KL_TICKET_TEXT_MAX])
{
	size_t n = 0;

	for (; *text; text++) {
		if (strchr("- \t\r\n", *text))
			continue;
		if (n == KL_TICKET_TEXT_MAX - 1)
			return false;
		out[n++] = *text;
	}
	out[n] = '\0';
	return true;
}

static int decode(const char *chars, struct kl_ticket *ticket)
{
	uint8_t bytes[KL_TICKET_BYTES_MAX], check[CHECK];
	size_t len = strlen(chars) * 5 / 8; /* gather() took the blanks away */

	if (len <= CHECK || len > sizeof bytes || kl_base32_parse(chars, bytes, len))
		return KL_E_MALFORMED;
	len -= CHECK;
	check_bytes(kl_bytes(bytes, len), check);
	if (memcmp(check, bytes + len, CHECK))
		return KL_E_MALFORMED;
	return read_ticket(kl_bytes(bytes, len), ticket);
}

int kl_ticket_parse(const char *text, struct kl_ticket *ret_ticket, struct kl_fault *fault)
{
	struct kl_ticket ticket = {.n_endpoints = 0};
	char chars[KL_TICKET_TEXT_MAX];
	bool fits = gather(text, chars);

	if (!fits || (strncmp(chars, "kl1", PREFIX) != 0 && strncmp(chars, "KL1", PREFIX) != 0)) {
		kl_fault(fault, KL_E_MALFORMED, "this is no ticket: one begins with \"kl1\"");
		return kl_fault_hint(
			fault, "the convenor gets one from `keeplocal network ticket`");
	}
	if (decode(chars + PREFIX, &ticket)) {
		kl_fault(fault, KL_E_MALFORMED,
			"this ticket is incomplete or was mistyped: its check does not fit");
		return kl_fault_hint(fault, "copy the whole line again");
	}
	*ret_ticket = ticket;
	return KL_OK;
}
