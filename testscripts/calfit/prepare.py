from odd_images import make

make()
