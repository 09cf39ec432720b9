# Animating a picture.

animate-title = Animate this picture
animate-prompt = What the clip shows
animate-placeholder = A fox in the snow
animate-motion = How the picture moves
animate-quality = Quality
animate-no-picture = There is no picture in that message. I can read PNG, JPEG, WebP and GIF.
animate-restarted = I was restarted while your form was open. Please open it once more from the picture's message.
