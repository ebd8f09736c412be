/* For each byte of its standard input it makes, renames, changes and removes what is its own, and answers with a byte when it has. */
#include "guest.h"

int main(void)
{
    while (wait_byte(0)) {
        CHECK(mkdir("mine", 0755) == 0 && write_errno("mine/a") == 0 && chmod("mine/a", 0600) == 0 && rename("mine/a", "mine/b") == 0);
        CHECK(truncate("mine/b", 10) == 0 && unlink("mine/b") == 0 && rmdir("mine") == 0);
        send_byte(1);
    }
    return 0;
}
