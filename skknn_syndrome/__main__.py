"""`python -m skknn_syndrome`, the same as `skknn-syndrome`."""

from skknn_syndrome.cli import main

if __name__ == "__main__":
    main()
