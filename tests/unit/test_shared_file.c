#include "client/shared_file.h"
#include "tests/unit/tempfile.h"

#include <sys/stat.h>

/* A map with whatever such a file may hold. */
static void write_map(struct kl_writer *w)
{
	kl_write_map(w, 5);
	kl_put_text(w, "keeplocal", "assessment");
	kl_put_int(w, "v", 1);
	kl_put_nil(w, "place");
	kl_put_bool(w, "words", true);
	kl_put_array(w, "for", 2);
	kl_write_text(w, "Café £ \"x\"\n");
	kl_write_map(w, 0);
}

static void what_is_written_is_read_again(void **state)
{
	char path[] = "/tmp/keeplocal-shared-XXXXXX";
	struct kl_writer w, again;
	struct kl_bytes bytes, back;
	struct kl_value value;
	struct kl_fault fault = {0};
	struct stat about;

	(void)state;
	assert_non_null(mkdtemp(path));
	assert_int_equal(rmdir(path), 0); /* now a free name */
	kl_writer_init(&w);
	write_map(&w);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &value), 0);
	assert_int_equal(kl_shared_file_free(path, &fault), 0);
	assert_int_equal(kl_shared_file_write(path, &value, &fault), 0);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_int_equal(kl_shared_file_free(path, &fault), KL_E_IO);
	assert_int_equal(kl_shared_file_write(path, &value, &fault), KL_E_IO);
	assert_non_null(strstr(fault.message, path));
	kl_writer_init(&again);
	assert_int_equal(kl_shared_file_read(path, &again, &fault), 0);
	assert_int_equal(kl_writer_bytes(&again, &back), 0);
	assert_true(kl_bytes_equal(bytes, back));
	kl_writer_deinit(&again);
	kl_writer_deinit(&w);
	unlink(path);
}

static void refused(const char *text, int code, const char *words)
{
	const char *path = temp_text(text);
	struct kl_writer w;
	struct kl_fault fault = {0};

	kl_writer_init(&w);
	assert_int_equal(kl_shared_file_read(path, &w, &fault), code);
	if (!strstr(fault.message, words) || !strstr(fault.message, path))
		fail_msg("%s", fault.message);
	kl_writer_deinit(&w);
}

static void what_is_no_such_file_is_refused(void **state)
{
	(void)state;
	refused("", KL_E_MALFORMED, "line 1");
	refused("{\n\"keeplocal\": \"assessment\",\n\"keeplocal\": 1}", KL_E_MALFORMED, "line 3");
	refused("{\"keeplocal\": \"\\u0000\"}", KL_E_MALFORMED, "line 1");
	refused("[]", KL_E_MALFORMED, "no exported assessment");
	refused("{\"keeplocal\": \"plan\"}", KL_E_MALFORMED, "no exported assessment");
	refused("{\"keeplocal\": \"assessment\", \"v\": 1.5}", KL_E_MALFORMED, "no exported");
	refused("{\"keeplocal\": \"assessment\", \"v\": [[[[[[[[[[[[[1]]]]]]]]]]]]]}",
		KL_E_MALFORMED, "no exported");
	temp_file(NULL, 0);
}

static void large_missing_and_folders(void **state)
{
	size_t len = KL_SHARED_FILE_MAX + 1;
	char *text = malloc(len + 1);
	char pipe[] = "/tmp/keeplocal-shared-XXXXXX";
	struct kl_writer w;
	struct kl_fault fault = {0};

	(void)state;
	assert_non_null(text);
	assert_non_null(mkdtemp(pipe));
	assert_int_equal(rmdir(pipe), 0); /* now a free name */
	memset(text, ' ', len);
	text[len] = '\0';
	refused(text, KL_E_TOO_BIG, "larger");
	free(text);
	kl_writer_init(&w);
	assert_int_equal(kl_shared_file_read("/tmp", &w, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "folder"));
	assert_int_equal(mkfifo(pipe, 0600), 0); /* nobody will ever write into it */
	assert_int_equal(kl_shared_file_read(pipe, &w, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "no ordinary file"));
	unlink(pipe);
	assert_int_equal(kl_shared_file_read("/tmp/no/such/file", &w, &fault), KL_E_NOT_FOUND);
	kl_writer_deinit(&w);
	temp_file(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(what_is_no_such_file_is_refused),
		cmocka_unit_test(large_missing_and_folders),
	};

	return RUN(tests);
}
