/* The program that does nothing: what it is charged with can only come from the loader, and must be nothing. */
int main(void)
{
    return 0;
}
