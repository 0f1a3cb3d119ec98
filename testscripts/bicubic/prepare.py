from odd_images import make_odd

make_odd(9)
