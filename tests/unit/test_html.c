/* Pages: well-formed whatever stands in them, and nothing gets through that is not text. */
#include "client/html.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/markup.h"

#include <stdlib.h>

/* What a paragraph makes of a text. */
static void becomes(const char *text, const char *expected)
{
	struct kl_html html;
	struct kl_bytes bytes;
	char whole[512];

	kl_html_init_piece(&html);
	kl_html_put(&html, "p", NULL, "%s", text);
	assert_int_equal(kl_html_end(&html, &bytes), KL_OK);
	snprintf(whole, sizeof whole, "\n<p>%s</p>\n", expected);
	assert_string_equal((const char *)bytes.data, whole);
	markup_is_whole(bytes);
	kl_html_deinit(&html);
}

#define BAD "\xef\xbf\xbd"

static void what_would_be_markup_is_text(void **state)
{
	(void)state;
	becomes("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
	becomes("a & b &amp; \"c\"", "a &amp; b &amp;amp; &quot;c&quot;");
	becomes("</p><p>", "&lt;/p&gt;&lt;p&gt;");
	becomes("]]>", "]]&gt;");
	becomes("", "");
	becomes("Llanfair £5 \xe2\x82\xac \xf0\x9f\x8f\xa0",
		"Llanfair £5 \xe2\x82\xac \xf0\x9f\x8f\xa0");
}

static void what_is_no_text_is_replaced(void **state)
{
	(void)state;
	becomes("a\x01z\x1b[31m\x7f", "a" BAD "z" BAD "[31m" BAD);
	becomes("line\nline\tend", "line\nline\tend");
	becomes("\xc2\x85", BAD);                     /* a control beyond ASCII */
	becomes("\xff\xfe", BAD BAD);                 /* no UTF-8 */
	becomes("\xc0\xbc", BAD BAD);                 /* an overlong `<` */
	becomes("\xe0\x80\xbc", BAD BAD BAD);         /* and a longer one */
	becomes("\xed\xa0\x80", BAD BAD BAD);         /* half of a surrogate pair */
	becomes("\xf4\x90\x80\x80", BAD BAD BAD BAD); /* beyond Unicode */
	becomes("cut \xe2\x82", "cut " BAD BAD);
	becomes("cut \xf0", "cut " BAD);
	becomes("\xef\xbf\xbe", BAD);            /* no character */
	becomes("\xe2\x80\xaetxet", BAD "txet"); /* would turn the direction of writing */
	becomes("\xe2\x81\xa6x", BAD "x");
}

static void attributes_cannot_be_left(void **state)
{
	struct kl_html html;
	struct kl_bytes bytes;

	(void)state;
	kl_html_init_piece(&html);
	kl_html_open_class(&html, "rect", "own");
	kl_html_attr(&html, "title", "%s", "\" onload=\"x' <b>&");
	kl_html_close(&html);
	assert_int_equal(kl_html_end(&html, &bytes), KL_OK);
	assert_string_equal((const char *)bytes.data,
		"<rect class=\"own\" title=\"&quot; onload=&quot;x&#39; "
		"&lt;b&gt;&amp;\"></rect>\n");
	markup_is_whole(bytes);
	kl_html_deinit(&html);
}

static void what_is_open_at_the_end_is_closed(void **state)
{
	struct kl_html html;
	struct kl_bytes bytes;

	(void)state;
	kl_html_init(&html, "A <title> & more", "p { margin: 0; }\n");
	kl_html_open(&html, "ul");
	kl_html_open(&html, "li");
	kl_html_print(&html, "%d and %s", 5, "<b>");
	kl_html_open(&html, "br");
	kl_html_close(&html);
	assert_int_equal(kl_html_end(&html, &bytes), KL_OK);
	markup_is_whole(bytes);
	assert_int_equal(markup_count(bytes, "<!DOCTYPE html>\n"), 1);
	assert_int_equal(markup_count(bytes, "<html lang=\"en-GB\">"), 1);
	assert_int_equal(markup_count(bytes, "<title>A &lt;title&gt; &amp; more</title>"), 1);
	assert_int_equal(markup_count(bytes, "<style>p { margin: 0; }\n</style>"), 1);
	assert_int_equal(
		markup_count(bytes, "<li>5 and &lt;b&gt;<br/></li></ul></body></html>"), 1);
	assert_int_equal(markup_count(bytes, "default-src &#39;none&#39;"), 1);
	kl_html_deinit(&html);
}

static void ids_are_given_once(void **state)
{
	struct kl_html html;

	(void)state;
	kl_html_init_piece(&html);
	assert_int_equal(kl_html_number(&html), 1);
	assert_int_equal(kl_html_number(&html), 2);
	kl_html_deinit(&html);
}

static void texts_are_cut_between_characters(void **state)
{
	char out[KL_HTML_FIT_MAX], many[2000];

	(void)state;
	assert_string_equal(kl_html_fit("short", 200, 14, out), "short");
	assert_string_equal(kl_html_fit("", 0, 14, out), "");
	kl_html_fit(
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 50, 14, out);
	assert_string_equal(out, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xe2\x80\xa6");
	memset(many, 'i', sizeof many - 1);
	many[sizeof many - 1] = '\0';
	kl_html_fit(many, 1e6, 14, out); /* however wide: the text has an end */
	assert_int_equal(strlen(out), KL_HTML_FIT_MAX - 1);
	assert_string_equal(out + strlen(out) - 3, "\xe2\x80\xa6");
	assert_true(kl_html_width("mmm", 14) > kl_html_width("iii", 14));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_would_be_markup_is_text),
		cmocka_unit_test(what_is_no_text_is_replaced),
		cmocka_unit_test(attributes_cannot_be_left),
		cmocka_unit_test(what_is_open_at_the_end_is_closed),
		cmocka_unit_test(ids_are_given_once),
		cmocka_unit_test(texts_are_cut_between_characters),
	};

	return RUN(tests);
}
