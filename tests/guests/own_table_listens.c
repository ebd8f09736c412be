/* own_table_listens HOW: a thread with a descriptor table of its own (own_table.h) listens on a number of its own. That it binds any port by itself is decided by the thread's socket and not
 * by what its leader has under that number. Says the errno. */
#include "own_table.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static int any, bound, result;

static void work(void)
{
    CHECK(dup2(any, 10) == 10);
    result = listen(10, 1) == 0 ? 0 : errno;
    turn_of_leader();

    CHECK(dup2(bound, 10) == 10);
    CHECK(listen(10, 1) == 0);
}

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
    CHECK(argc == 2);
    any = socket(AF_INET, SOCK_STREAM, 0);
    bound = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(any >= 0 && bound >= 0 && bind(bound, (struct sockaddr *)&address, sizeof address) == 0);
    start_apart(argv[1], CLONE_FILES, work);
    CHECK(dup2(bound, 10) == 10);
    turn_of_thread();
    CHECK(dup2(any, 10) == 10);
    turn_of_thread();
    printf("%d\n", result);
    return 0;
}
