"""Pictures of damaged cars for the body repair deals: drawn, so that no real car and no plate is shown."""

import io
from random import Random

SIZE = (640, 420)
COLORS = ("#7c8a97", "#9aa5ad", "#31405a", "#8f2f2f", "#3f5f4a", "#c9c4b8")


def make_photo(number: int) -> bytes:
	"""A PNG of a car seen from the side with a dent and scratches; the same number gives the same picture."""
	from PIL import Image, ImageDraw, ImageFilter

	random = Random(number)
	image = Image.new("RGB", SIZE, "#c7ccd1")
	draw = ImageDraw.Draw(image)
	draw.rectangle((0, 300, *SIZE), fill="#6f7479")
	color = COLORS[number % len(COLORS)]
	draw.rounded_rectangle((60, 200, 580, 310), 34, fill=color)
	draw.polygon([(150, 205), (220, 120), (420, 120), (500, 205)], fill=color)
	draw.polygon([(170, 200), (230, 135), (310, 135), (310, 200)], fill="#2b3540")
	draw.polygon([(325, 200), (325, 135), (412, 135), (475, 200)], fill="#2b3540")
	for x in (160, 480):
		draw.ellipse((x - 48, 262, x + 48, 358), fill="#1c1f22")
		draw.ellipse((x - 24, 286, x + 24, 334), fill="#9fa6ab")
	draw.ellipse((556, 222, 584, 248), fill="#f3e7b3")
	_draw_damage(draw, random)
	out = io.BytesIO()
	image.filter(ImageFilter.GaussianBlur(0.6)).save(out, "PNG", optimize=True)
	return out.getvalue()


def _draw_damage(draw, random: Random) -> None:
	x, y = random.randint(220, 500), random.randint(220, 275)
	for ring in range(26, 4, -6):
		shade = 40 + ring * 3
		draw.ellipse(
			(x - ring * 1.6, y - ring, x + ring * 1.6, y + ring), outline=(shade, shade, shade), width=3
		)
	for _ in range(9):
		start = (x + random.randint(-70, 70), y + random.randint(-24, 24))
		end = (start[0] + random.randint(-60, 60), start[1] + random.randint(-9, 9))
		draw.line((start, end), fill="#e8e8e8", width=random.choice((1, 2)))
